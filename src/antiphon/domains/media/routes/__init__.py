"""HTTP of media."""

from antiphon.domains.media.routes import avatars, files

__all__ = ["handlers"]

handlers = [*files.handlers, *avatars.handlers]
