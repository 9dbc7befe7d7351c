"""The WebSocket gateway."""

from antiphon.entry.realtime.gateway import Gateway, Limits

__all__ = ["Gateway", "Limits"]
