"""HTTP of social."""

from antiphon.domains.social.routes import chat, opinions, shares

__all__ = ["handlers"]

handlers = [*opinions.handlers, *shares.handlers, *chat.handlers]
