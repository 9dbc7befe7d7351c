"""HTTP of media."""

from antiphon.domains.media.routes.files import handlers

__all__ = ["handlers"]
