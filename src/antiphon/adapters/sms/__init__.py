"""How text messages leave, chosen by one URL."""

from __future__ import annotations

from antiphon.adapters.sms.off import NoTextMessages
from antiphon.domains.identity.ports import TextMessages

__all__ = ["open_text_messages"]


def open_text_messages(url: str | None, token: str | None, body: str) -> TextMessages:
    """None: texts are off. Raises SettingsError for an address or a body that cannot be."""
    if not url:
        return NoTextMessages()
    from antiphon.adapters.sms.http import HttpTextMessages

    return HttpTextMessages(url, token, body)
