"""HTTP of playback."""

from antiphon.domains.playback.routes import places, streams

__all__ = ["handlers"]

handlers = [*places.handlers, *streams.handlers]
