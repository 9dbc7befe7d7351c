"""HTTP of playback."""

from antiphon.domains.playback.routes import places, queue, streams

__all__ = ["handlers"]

handlers = [*places.handlers, *queue.handlers, *streams.handlers]
