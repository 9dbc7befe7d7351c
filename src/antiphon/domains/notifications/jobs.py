"""Sending, in the background: mail servers are slow, and now and then they are away."""

from __future__ import annotations

from uuid import UUID

from antiphon.domains.identity import api as identity
from antiphon.domains.notifications.api import is_void, send
from antiphon.domains.notifications.errors import LetterRefused, NoSuchLetter
from antiphon.domains.notifications.tools import LetterTools
from antiphon.kit import metrics
from antiphon.kit.db import Database
from antiphon.kit.jobs import GiveUp, JobSpec
from antiphon.kit.logs import get_logger

__all__ = ["SEND_LETTER", "specs"]

log = get_logger(__name__)
QUEUE = "mail"
SEND_LETTER = "notifications.send_letter"
# 15 s, 30 s … 16 min: within half an hour, as long as a server that greylists wants to be waited for.
ATTEMPTS, FIRST_WAIT_S = 8, 15


def specs(db: Database, tools: LetterTools) -> list[JobSpec]:
    async def send_letter(letter_id: str) -> None:
        """Write one letter with a fresh link and hand it to the mail server."""
        identifier = UUID(letter_id)
        async with db.system() as uow:
            letter = await identity.letter(uow, identifier, tools.letterhead.site_url)
        if letter is None or is_void(letter):
            return
        try:
            await send(tools, letter)
        except (LetterRefused, NoSuchLetter) as error:
            metrics.LETTERS.labels(letter.purpose, "refused").inc()
            raise GiveUp(f"{error.title}. {error.detail}") from error
        except Exception:
            metrics.LETTERS.labels(letter.purpose, "failed").inc()
            raise
        metrics.LETTERS.labels(letter.purpose, "sent").inc()
        async with db.system() as uow:
            await identity.letter_sent(uow, identifier)

    async def gave_up(error: BaseException, letter_id: str) -> None:
        log.warning("letter not sent", letter_id=letter_id, error=str(error))

    return [JobSpec(SEND_LETTER, send_letter, QUEUE, attempts=ATTEMPTS, first_wait_s=FIRST_WAIT_S, gave_up=gave_up)]
