"""The door of notifications: letters that are sent, and letters that are only looked at."""

from __future__ import annotations

from antiphon.domains.identity.api import Letter
from antiphon.domains.notifications.errors import LetterRefused, MailRefused, MailUnavailable, NoSuchLetter
from antiphon.domains.notifications.model import Letterhead, harmless_name, message_id
from antiphon.domains.notifications.ports import Mail
from antiphon.domains.notifications.render import Rendered, render
from antiphon.domains.notifications.tools import LetterTools
from antiphon.domains.notifications.wording import LETTERS, SAMPLES
from antiphon.kit.ids import new_uuid

__all__ = [
    "PURPOSES",
    "LetterRefused",
    "LetterTools",
    "Letterhead",
    "MailRefused",
    "MailUnavailable",
    "Rendered",
    "is_void",
    "preview",
    "send",
    "send_test",
]

PURPOSES = tuple(LETTERS)


def is_void(letter: Letter) -> bool:
    """Its link could not be made any more: what it was for is over, such as an invitation that was taken back."""
    wording = LETTERS.get(letter.purpose)
    return letter.link is None and wording is not None and wording.button is not None


async def send(tools: LetterTools, letter: Letter) -> None:
    """Render and hand over. Raises MailUnavailable, MailRefused, LetterRefused, NoSuchLetter."""
    if letter.purpose not in LETTERS:
        raise NoSuchLetter(f"There are no words for letters of the kind {letter.purpose}.")
    words = render(letter, tools.letterhead)
    await tools.mailer.send(
        Mail(
            to=letter.to,
            name=harmless_name(letter.name),
            subject=words.subject,
            text=words.text,
            html=words.html,
            message_id=message_id(letter.id, tools.sender),
            headers={"Content-Language": words.language},
        )
    )


async def send_test(tools: LetterTools, address: str, language: str) -> None:
    """A letter that says only that letters arrive. Raises what `send` raises."""
    home = f"{tools.letterhead.site_url}/"
    test = Letter(id=new_uuid(), purpose="test", to=address, name="", language=language, link=home, data={})
    await send(tools, test)


def preview(tools: LetterTools, purpose: str, language: str) -> Rendered:
    """A letter as it would be, with invented data. Raises NoSuchLetter."""
    if purpose not in LETTERS:
        raise NoSuchLetter
    link = f"{tools.letterhead.site_url}/sample#VGhpcyBvcGVucyBub3RoaW5n" if LETTERS[purpose].button else None
    sample = Letter(
        id=new_uuid(),
        purpose=purpose,
        to="ada@example.org",
        name="Ada & <Lovelace>",
        language=language,
        link=link,
        data=SAMPLES,
    )
    return render(sample, tools.letterhead)
