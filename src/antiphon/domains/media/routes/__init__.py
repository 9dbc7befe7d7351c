"""HTTP of media."""

from antiphon.domains.media.routes import avatars, files, library

__all__ = ["handlers"]

handlers = [*files.handlers, *avatars.handlers, *library.handlers]
