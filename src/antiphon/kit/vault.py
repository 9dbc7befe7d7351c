"""Encryption at rest. Values are sealed with data keys; data keys lie in the database, wrapped by a key that does not.

A sealed value is one byte of version, four of the data key's number, a nonce of twelve, then the text and the tag of
AES-256-GCM. What stands before the nonce is authenticated together with the purpose, so that a value opens only as what
it was sealed as.
"""

from __future__ import annotations

import asyncio
import secrets as random
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg.rows import namedtuple_row
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import AppError

__all__ = [
    "KEYS_TOPIC",
    "Kms",
    "KmsUnavailable",
    "SealBroken",
    "Vault",
    "VaultUnreadable",
    "data_key_finder",
    "data_key_of",
    "seal_prefix",
]

VERSION = 1
KEY_BYTES = 32
PREFIX = 5
NONCE = 12
TAG = 16
KEYS_TOPIC = "kit:keys"  # between processes only

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('kit.data_keys', 0))")
_COLUMNS = "SELECT id, wrapped, wrapped_by, retired_at FROM kit.data_keys"
_ADD = text("INSERT INTO kit.data_keys (wrapped, wrapped_by, created_at) VALUES (:wrapped, :by, :now) RETURNING id")

FindKey = Callable[[int], Any]


class VaultUnreadable(AppError):
    """A data key does not come open: the installation's secrets do not fit its data."""

    code = "vault_unreadable"
    status = 500
    title = "The data keys of this installation cannot be opened"


class KmsUnavailable(AppError):
    """The outside key service (`ANTIPHON_KMS_URL`) does not answer, or not as it should."""

    code = "kms_unavailable"
    status = 503
    title = "The key management service cannot be reached"


class SealBroken(AppError):
    """A sealed value was changed, cut, or sealed for another purpose."""

    code = "seal_broken"
    status = 500
    title = "A sealed value in the database is damaged"


class Kms(Protocol):
    """Keeps the key that wraps data keys. Both calls may block.

    `unwrap` raises VaultUnreadable for what it did not wrap; an outside one raises KmsUnavailable.
    """

    @property
    def name(self) -> str:
        """Written beside what it wrapped, so that a change of service finds the old one."""

    def wrap(self, plain: bytes) -> bytes: ...

    def unwrap(self, wrapped: bytes) -> bytes: ...


class Vault:
    """Seals and opens. `load` must have run once; keys that other processes add are fetched when they are met."""

    def __init__(self, kms: Kms, find: FindKey, *, earlier: Iterable[Kms] = ()) -> None:
        """`earlier` still unwrap what they wrapped before `kms` took over."""
        self._kms = kms
        self._find = find
        self._unwrapping = {one.name: one for one in (*earlier, kms)}
        self._keys: dict[int, AESGCM] = {}
        self._sealing: int | None = None

    @property
    def sealing_key(self) -> int:
        """The number of the data key that seals at present."""
        if self._sealing is None:
            raise RuntimeError("Vault.load has not run")
        return self._sealing

    async def load(self, db: Database) -> None:
        """Take over the keys; the first process of an installation makes one.

        Raises VaultUnreadable, KmsUnavailable.
        """
        async with db.unit() as uow:
            await uow.conn.execute(_LOCK)
            stored = await _stored(uow.conn)
            if all(row.retired_at is not None for row in stored):
                await self.add_key(uow)
                stored = await _stored(uow.conn)
        for row in stored:
            if row.id not in self._keys:
                self._keys[row.id] = await asyncio.to_thread(self._unwrapped, row)
        self._sealing = max(row.id for row in stored if row.retired_at is None)

    async def add_key(self, uow: UnitOfWork) -> int:
        """A new data key, which every process seals with from its next `load` on. Raises KmsUnavailable."""
        wrapped = await asyncio.to_thread(self._kms.wrap, random.token_bytes(KEY_BYTES))
        values = {"wrapped": wrapped, "by": self._kms.name, "now": uow.clock.now()}
        number: int = (await uow.conn.execute(_ADD, values)).scalar_one()
        uow.tell(KEYS_TOPIC, "changed", {})
        return number

    def seal(self, purpose: str, plain: bytes) -> bytes:
        prefix, nonce = seal_prefix(self.sealing_key), random.token_bytes(NONCE)
        return prefix + nonce + self._keys[self.sealing_key].encrypt(nonce, plain, prefix + purpose.encode())

    def open(self, purpose: str, sealed: bytes) -> bytes:
        """Raises SealBroken, and while fetching a key that is new here VaultUnreadable and KmsUnavailable."""
        number = data_key_of(sealed)
        key = self._keys.get(number) or self._fetched(number)
        prefix, nonce, body = sealed[:PREFIX], sealed[PREFIX : PREFIX + NONCE], sealed[PREFIX + NONCE :]
        try:
            return key.decrypt(nonce, body, prefix + purpose.encode())
        except InvalidTag as error:
            raise SealBroken(f"A value that should be {purpose} does not open.") from error

    def _fetched(self, number: int) -> AESGCM:
        row = self._find(number)
        if row is None:
            raise SealBroken(f"A value names data key {number}, which does not exist.")
        key = self._keys[number] = self._unwrapped(row)
        return key

    def _unwrapped(self, row: Any) -> AESGCM:
        kms = self._unwrapping.get(row.wrapped_by)
        if kms is None:
            raise VaultUnreadable(
                f"Data key {row.id} was wrapped by the key service {row.wrapped_by!r}, which the settings do not name."
            )
        plain = kms.unwrap(bytes(row.wrapped))
        if len(plain) != KEY_BYTES:
            raise VaultUnreadable(f"Data key {row.id} is not {KEY_BYTES} bytes long once it is unwrapped.")
        return AESGCM(plain)


def seal_prefix(number: int) -> bytes:
    """What every value begins with that was sealed with this data key."""
    return bytes((VERSION,)) + number.to_bytes(4, "big")


def data_key_of(sealed: bytes) -> int:
    """The number of the data key that a value was sealed with. Raises SealBroken."""
    if len(sealed) < PREFIX + NONCE + TAG or sealed[0] != VERSION:
        raise SealBroken("A value is not in the form of a sealed one.")
    return int.from_bytes(sealed[1:PREFIX], "big")


def data_key_finder(conninfo: str, options: dict[str, str]) -> FindKey:
    """Reads one key on a connection of its own: a key is met in the middle of work that cannot wait for a loop."""
    given = " ".join(f"-c {name}={value}" for name, value in options.items())

    def find(number: int) -> Any:
        with psycopg.connect(conninfo, autocommit=True, options=given, row_factory=namedtuple_row) as conn:
            return conn.execute(f"{_COLUMNS} WHERE id = %s", (number,)).fetchone()

    return find


async def _stored(conn: AsyncConnection) -> list[Any]:
    return list((await conn.execute(text(f"{_COLUMNS} ORDER BY id"))).all())
