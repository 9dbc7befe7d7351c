"""HTTP of media."""

from antiphon.domains.media.routes import avatars, covers, files, library

__all__ = ["handlers"]

handlers = [*files.handlers, *avatars.handlers, *covers.handlers, *library.handlers]
