"""Who stands behind an API key or an app password. Asked at every request of a script, so answers are remembered.

What is remembered is the digest of a key, never the key; app passwords stay sealed. A revocation is told to every
process as it is committed. While this process cannot hear, it remembers nothing and asks the database.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID

from antiphon.domains.identity.model import EMAIL_MAX, email_key
from antiphon.domains.identity.model_keys import KeyText, password_fits, read_api_key, token_fits
from antiphon.domains.identity.standing import TOPIC
from antiphon.domains.identity.store import keys as store
from antiphon.domains.identity.tokens import Actor
from antiphon.kit.clock import Clock
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.live import LiveHub, LiveMessage
from antiphon.kit.logs import get_logger
from antiphon.kit.vault import SealBroken, Vault

__all__ = ["SEALED_FOR", "AppSecret", "KeyRing", "open_password", "seal_password", "tell_keys_changed"]

log = get_logger(__name__)
SEALED_FOR = "app_password"
EVENT = "keys_changed"
REMEMBERED = 5_000
REMEMBERED_FOR = timedelta(minutes=5)
SHOWN_FOR = timedelta(minutes=1)
USE_NOTED_EVERY = timedelta(minutes=10)
_NOBODYS = "00000-00000-00000-00000"


@dataclass(frozen=True, slots=True)
class AppSecret:
    """What an app shows: the password itself, or its MD5 together with a salt of the app's own choice."""

    password: str | None = None
    token: str | None = None
    salt: str | None = None

    def fits(self, stored: str) -> bool:
        if self.token is not None and self.salt is not None:
            return token_fits(stored, self.token, self.salt)
        return self.password is not None and password_fits(stored, self.password)

    def digest(self, name: str) -> bytes:
        """By which the same secret of the same person is known again, without being kept."""
        parts = (name, self.password or "", self.token or "", self.salt or "")
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


@dataclass(slots=True)
class _Password:
    id: UUID
    sealed: bytes
    scopes: frozenset[str]
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Person:
    user_id: UUID
    roles: frozenset[str]
    passwords: list[_Password]


T = TypeVar("T")


class _Recent(Generic[T]):
    """The latest answers, each for a while, forgotten together with the keys of their owner."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, tuple[UUID, datetime, T]] = OrderedDict()

    def get(self, name: bytes, now: datetime) -> T | None:
        found = self._kept.get(name)
        if found is None:
            return None
        _, until, value = found
        if now < until:
            return value
        del self._kept[name]
        return None

    def keep(self, name: bytes, owner: UUID, until: datetime, value: T) -> None:
        self._kept[name] = (owner, until, value)
        if len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)

    def forget(self, owner: UUID | None = None) -> None:
        """None: everybody."""
        kept = () if owner is None else ((name, entry) for name, entry in self._kept.items() if entry[0] != owner)
        self._kept = OrderedDict(kept)


def seal_password(vault: Vault, password_id: UUID, password: str) -> bytes:
    """Sealed together with the id of its row, so that it opens in no other."""
    return vault.seal(SEALED_FOR, password_id.bytes + password.encode())


def open_password(vault: Vault, password_id: UUID, sealed: bytes) -> str:
    """Raises SealBroken."""
    plain = vault.open(SEALED_FOR, sealed)
    if plain[:16] != password_id.bytes:
        raise SealBroken("An app password lies in a row that is not its own.")
    return plain[16:].decode()


def tell_keys_changed(uow: UnitOfWork, user_id: UUID) -> None:
    """Every process asks the database again about this person."""
    uow.tell(TOPIC, EVENT, {"user_id": out(Kind.USER, user_id)})


class KeyRing:
    """Actors of keys. Whether their owner may still come in is for `Standing` to say."""

    def __init__(self, hub: LiveHub, clock: Clock, vault: Vault) -> None:
        self._hub = hub
        self._clock = clock
        self._vault = vault
        self._keys: _Recent[Actor] = _Recent()
        self._people: _Recent[_Person] = _Recent()
        self._shown: _Recent[Actor] = _Recent()
        self._changes = 0
        hub.watch(TOPIC, self._hear)

    def forget(self) -> None:
        """What was told meanwhile may have been missed."""
        self._changes += 1
        for recent in (self._keys, self._people, self._shown):
            recent.forget()

    async def actor_of(self, db: Database, text: str) -> Actor | None:
        """Whose API key this is; None for one that is misspelt, unknown, revoked or has run out."""
        key = read_api_key(text)
        if key is None:
            return None
        known = self._keys.get(key.digest, self._clock.now()) if self._hub.listening else None
        return known or await self._ask(db, key)

    async def _ask(self, db: Database, key: KeyText) -> Actor | None:
        now, changes = self._clock.now(), self._changes
        async with db.read() as conn:
            row = await store.use_api_key(conn, key.id, key.digest, now)
        if row is None:
            return None
        actor = Actor(row.user_id, None, frozenset(row.roles), None, frozenset(row.scopes))
        if self._hub.listening and changes == self._changes:  # else it may be gone already
            until = min(now + REMEMBERED_FOR, row.expires_at or datetime.max.replace(tzinfo=UTC))
            self._keys.keep(key.digest, row.user_id, until, actor)
        return actor

    async def app_actor(self, db: Database, name: str, secret: AppSecret) -> Actor | None:
        """Who signs in under `name`, a handle or an address, with one of their app passwords.

        A player shows the same secret with every call: what fitted once fits for a minute without being opened again.
        """
        shown, now, changes = secret.digest(name), self._clock.now(), self._changes
        known = self._shown.get(shown, now) if self._hub.listening else None
        if known is not None:
            return known
        actor = await self._fitting(db, name, secret)
        if actor is not None and self._hub.listening and changes == self._changes:
            self._shown.keep(shown, actor.user_id, now + SHOWN_FOR, actor)
        return actor

    async def _fitting(self, db: Database, name: str, secret: AppSecret) -> Actor | None:
        person = await self._person(db, email_key(name.strip()[:EMAIL_MAX]))
        if person is None or not person.passwords:
            secret.fits(_NOBODYS)
            return None
        for one in person.passwords:
            stored = self._opened(one)
            if stored is not None and secret.fits(stored):
                await self._note_use(db, one)
                return Actor(person.user_id, None, person.roles, None, one.scopes)
        return None

    def _opened(self, one: _Password) -> str | None:
        """One that is damaged must not keep the others from working."""
        try:
            return open_password(self._vault, one.id, one.sealed)
        except SealBroken as error:
            log.error("app password does not open", id=str(one.id), error=str(error))
            return None

    async def _person(self, db: Database, name: str) -> _Person | None:
        now, changes = self._clock.now(), self._changes
        known = self._people.get(name.encode(), now) if self._hub.listening else None
        if known is not None:
            return known
        async with db.read() as conn:
            rows = await store.opens(conn, name)
        if not rows:
            return None
        passwords = [_Password(row.id, bytes(row.sealed), frozenset(row.scopes), row.last_used_at) for row in rows]
        person = _Person(rows[0].user_id, frozenset(rows[0].roles), passwords)
        if self._hub.listening and changes == self._changes:
            self._people.keep(name.encode(), person.user_id, now + REMEMBERED_FOR, person)
        return person

    async def _note_use(self, db: Database, one: _Password) -> None:
        """Coarsely: a player asks several times a second."""
        now = self._clock.now()
        if one.used_at is not None and now - one.used_at < USE_NOTED_EVERY:
            return
        one.used_at = now
        async with db.system() as uow:
            await store.touch_app_password(uow.conn, one.id, now)

    def _hear(self, message: LiveMessage) -> None:
        if message.event == EVENT:
            self._changes += 1
            owner = parse(Kind.USER, message.data["user_id"])
            for recent in (self._keys, self._people, self._shown):
                recent.forget(owner)
