"""HTTP of social."""

from antiphon.domains.social.routes import chat, opinions, pre_saves, shares

__all__ = ["handlers"]

handlers = [*opinions.handlers, *pre_saves.handlers, *shares.handlers, *chat.handlers]
