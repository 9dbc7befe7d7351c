"""`antiphon mail test`: does a letter go out, and if not, why."""

from __future__ import annotations

from rich.console import Console

from antiphon.domains.notifications.api import LetterRefused, MailRefused, MailUnavailable, send_test
from antiphon.entry.bootstrap import letter_tools
from antiphon.kit.clock import SystemClock
from antiphon.kit.errors import AppError
from antiphon.kit.settings import Settings

__all__ = ["REMEDIES", "try_letter"]

REMEDIES: dict[type[AppError], str] = {
    MailUnavailable: "Is the server up, and the address in ANTIPHON_MAIL_URL right? Letters wait and are tried again.",
    MailRefused: "Correct ANTIPHON_MAIL_URL or ANTIPHON_MAIL_FROM; docs/guides/mail.md has the forms.",
    LetterRefused: "Try another address: this one does not take the letter.",
}


async def try_letter(settings: Settings, address: str, language: str) -> int:
    """0 where somebody took the letter; else a sentence on what failed and one on what to do."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    tools = letter_tools(settings, SystemClock())
    try:
        await send_test(tools, address, language)
    except (MailUnavailable, MailRefused, LetterRefused) as error:
        console.print(f"Not sent. {error.title}. {error.detail}\n→ {REMEDIES[type(error)]}")
        return 1
    if settings.mail_url:
        console.print(
            f"Sent to {address}. If it does not arrive, look into the junk folder and at docs/guides/mail.md."
        )
    else:
        console.print("Mail is not configured, so the letter is printed above. Set ANTIPHON_MAIL_URL to send it.")
    return 0
