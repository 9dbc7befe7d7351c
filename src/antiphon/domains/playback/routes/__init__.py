"""HTTP of playback."""

from antiphon.domains.playback.routes import devices, places, queue, streams

__all__ = ["handlers"]

handlers = [*devices.handlers, *places.handlers, *queue.handlers, *streams.handlers]
