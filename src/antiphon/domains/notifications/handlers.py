"""When identity wants a letter, one is written."""

from __future__ import annotations

from antiphon.domains.notifications.jobs import SEND_LETTER
from antiphon.facts.identity import LetterAsked
from antiphon.kit.db import UnitOfWork
from antiphon.kit.relay import FactHandlers

__all__ = ["register"]


async def write_letter(uow: UnitOfWork, fact: LetterAsked) -> None:
    """The lock keeps two workers from sending one letter at the same time."""
    uow.defer(SEND_LETTER, lock=f"letter:{fact.subject}", letter_id=str(fact.subject))


def register(handlers: FactHandlers) -> None:
    handlers.on(LetterAsked, "notifications.write_letter", write_letter)
