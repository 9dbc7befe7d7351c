"""HTTP of playback."""

from antiphon.domains.playback.routes import devices, jams, places, queue, streams

__all__ = ["handlers"]

handlers = [*devices.handlers, *jams.handlers, *places.handlers, *queue.handlers, *streams.handlers]
