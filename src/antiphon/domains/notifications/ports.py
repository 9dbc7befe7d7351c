"""What notifications needs from the outside world: somebody who carries letters."""

from __future__ import annotations

import re
import unicodedata
from typing import Protocol

import msgspec

from antiphon.domains.notifications.errors import LetterRefused

__all__ = ["Mail", "Mailer"]

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]+@[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]+")
_ID = re.compile(r"<[A-Za-z0-9._-]+@[A-Za-z0-9.-]+>")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_RESERVED = frozenset({"to", "cc", "bcc", "from", "sender", "subject", "date", "message-id", "mime-version"})


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One letter to one person. Raises LetterRefused where a field could end its header and begin another.

    `message_id` is the same whenever this letter is sent again, so that the receiving side can tell.
    """

    to: str
    name: str = ""
    subject: str
    text: str
    html: str
    message_id: str
    headers: dict[str, str] = {}

    def __post_init__(self) -> None:
        lines = [self.name, self.subject, *self.headers.values()]
        if not _ADDRESS.fullmatch(self.to):
            raise LetterRefused("This is not an e-mail address.")
        good = (
            _ID.fullmatch(self.message_id)
            and self.subject
            and all(_is_one_line(line) for line in lines)
            and all(_HEADER.fullmatch(name) and name.lower() not in _RESERVED for name in self.headers)
            and not any(name.lower().startswith("content-") and name != "Content-Language" for name in self.headers)
        )
        if not good:
            raise LetterRefused("A header of the letter holds what no header may hold.")


def _is_one_line(text: str) -> bool:
    """No control character, none of the line ends of Unicode, nothing that cannot be encoded."""
    return all(unicodedata.category(letter) not in {"Cc", "Cs", "Zl", "Zp"} for letter in text)


class Mailer(Protocol):
    """Carries letters. Raises `MailUnavailable`, `MailRefused` or `LetterRefused` (notifications/errors.py)."""

    async def send(self, message: Mail) -> None:
        """Returns when somebody else has taken responsibility for the letter."""

    async def check(self) -> str:
        """Where letters go, in a few words for the operator; raises what `send` would, without sending anything."""
