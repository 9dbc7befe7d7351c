"""What notifications works with, put together by the composition root."""

from __future__ import annotations

from dataclasses import dataclass

from antiphon.domains.notifications.model import Letterhead
from antiphon.domains.notifications.ports import Mailer

__all__ = ["LetterTools"]


@dataclass(frozen=True, slots=True)
class LetterTools:
    """`sender` is the address letters come from, without a name."""

    mailer: Mailer
    letterhead: Letterhead
    sender: str
