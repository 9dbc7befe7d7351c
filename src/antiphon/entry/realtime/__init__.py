"""The WebSocket gateway."""

from antiphon.entry.realtime.connection import Limits
from antiphon.entry.realtime.gateway import Gateway

__all__ = ["Gateway", "Limits"]
