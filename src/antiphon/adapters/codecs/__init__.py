"""Codecs behind the media port: `LocalCodecs` in sandboxed children, `FakeCodecs` in memory for tests."""

from antiphon.adapters.codecs.fake import FakeCodecs
from antiphon.adapters.codecs.local import LocalCodecs
from antiphon.adapters.codecs.wire import Limits

__all__ = ["FakeCodecs", "Limits", "LocalCodecs"]
