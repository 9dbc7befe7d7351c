"""Who was shown out while an access token of theirs may still hold. Asked at every request, so it is kept in memory."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from antiphon.domains.identity.model import ACCESS_TOKEN_LIFE
from antiphon.domains.identity.store import sessions as session_store
from antiphon.domains.identity.store import users as user_store
from antiphon.domains.identity.tokens import Actor
from antiphon.kit.clock import Clock
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.live import LiveHub, LiveMessage

__all__ = ["Standing", "tell_opened", "tell_session_ended", "tell_shut"]

TOPIC = "identity"  # between processes only; no client may watch it


class Standing:
    """Fed by live messages; while those do not arrive, the database is asked instead."""

    def __init__(self, hub: LiveHub, clock: Clock) -> None:
        self._hub = hub
        self._clock = clock
        self._ended: dict[UUID, datetime] = {}
        self._shut: dict[UUID, datetime | None] = {}
        hub.watch(TOPIC, self._hear)

    async def load(self, db: Database) -> None:
        """What happened before this process could hear of it."""
        now = self._clock.now()
        async with db.system() as uow:
            ended = await session_store.ended_since(uow.conn, now - ACCESS_TOKEN_LIFE)
            shut = await user_store.shut_people(uow.conn, now)
        self._ended = {**self._ended, **dict(ended)}
        self._shut = dict(shut)

    async def holds(self, db: Database, actor: Actor) -> bool:
        """Whether the actor may still act: the session was not ended, the person not suspended, closed or erased."""
        if self._hub.listening:
            return not self.is_out(actor)
        async with db.system() as uow:
            if await user_store.is_shut(uow.conn, actor.user_id, self._clock.now()):
                return False
            if actor.session_id is None:
                return True
            return await session_store.owner_of(uow.conn, actor.session_id) is not None

    def is_out(self, actor: Actor) -> bool:
        """As far as this process has heard."""
        return actor.session_id in self._ended or self._is_shut(actor.user_id)

    def _is_shut(self, user_id: UUID) -> bool:
        if user_id not in self._shut:
            return False
        until = self._shut[user_id]
        return until is None or until > self._clock.now()

    def _hear(self, message: LiveMessage) -> None:
        if message.event == "session_ended":
            now = self._clock.now()
            self._ended = {one: at for one, at in self._ended.items() if at > now - ACCESS_TOKEN_LIFE}
            self._ended[parse(Kind.SIGN_IN, message.data["session_id"])] = now
        elif message.event == "shut":
            until = message.data["until"]
            self._shut[parse(Kind.USER, message.data["user_id"])] = datetime.fromisoformat(until) if until else None
        elif message.event == "opened":
            self._shut.pop(parse(Kind.USER, message.data["user_id"]), None)


def tell_session_ended(uow: UnitOfWork, user_id: UUID, session_id: UUID, reason: str) -> None:
    data = {"user_id": out(Kind.USER, user_id), "session_id": out(Kind.SIGN_IN, session_id), "reason": reason}
    uow.tell(TOPIC, "session_ended", data)


def tell_shut(uow: UnitOfWork, user_id: UUID, until: datetime | None = None) -> None:
    """Nobody of this account may act any more; without `until`, before it is opened again."""
    uow.tell(TOPIC, "shut", {"user_id": out(Kind.USER, user_id), "until": until.isoformat() if until else None})


def tell_opened(uow: UnitOfWork, user_id: UUID) -> None:
    uow.tell(TOPIC, "opened", {"user_id": out(Kind.USER, user_id)})
