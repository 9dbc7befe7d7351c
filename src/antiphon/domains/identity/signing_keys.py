"""The keys that sign tokens: one signs, those before it still verify until what they signed has run out."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from joserfc.jwk import OKPKey

from antiphon.domains.identity.errors import SigningKeyUnreadable
from antiphon.domains.identity.model import ACCESS_TOKEN_LIFE
from antiphon.domains.identity.store import signing_keys as store
from antiphon.kit.clock import Clock
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.secrets import Secrets
from antiphon.kit.vault import KEYS_TOPIC, Vault

__all__ = ["ALGORITHM", "SIGNING_KEY", "VERIFIES_FOR", "PublicKey", "SigningKeys"]

ALGORITHM = "Ed25519"  # EdDSA over Curve25519 by its full name (RFC 9864)
SIGNING_KEY = "identity.signing_key"
BEFORE_THE_VAULT = "jwt"  # what earlier versions sealed keys for, with the master secret itself
VERIFIES_FOR = ACCESS_TOKEN_LIFE + timedelta(minutes=5)  # the last process to hear of its successor signs until then
RELOAD_EVERY = timedelta(seconds=3)


class PublicKey(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 8037: what is needed to check a signature of ours."""

    kid: str
    x: str
    kty: str = "OKP"
    crv: str = "Ed25519"
    alg: str = ALGORITHM
    use: str = "sig"


class SigningKeys:
    """`load` must have run once; all processes share the keys through the database, sealed."""

    def __init__(self, vault: Vault, secrets: Secrets, clock: Clock) -> None:
        self._vault = vault
        self._secrets = secrets
        self._clock = clock
        self._keys: dict[str, OKPKey] = {}
        self._retired: dict[str, datetime] = {}
        self._signing: OKPKey | None = None
        self._reloading = asyncio.Lock()
        self._read_at: datetime | None = None

    @property
    def signing(self) -> OKPKey:
        """The key that signs at present."""
        if self._signing is None:
            raise RuntimeError("SigningKeys.load has not run")
        return self._signing

    def get(self, kid: str) -> OKPKey | None:
        """A key that may still verify."""
        retired_at = self._retired.get(kid)
        if retired_at is not None and self._clock.now() >= retired_at + VERIFIES_FOR:
            return None
        return self._keys.get(kid)

    def public(self) -> list[PublicKey]:
        """Those that verify, the one that signs first."""
        kids = sorted(self._keys, key=lambda kid: kid != self.signing.thumbprint())
        return [PublicKey(kid=kid, x=str(self._keys[kid].as_dict(private=False)["x"])) for kid in kids if self.get(kid)]

    async def load(self, db: Database) -> None:
        """Read the keys; the first process of an installation makes one. Raises SigningKeyUnreadable, SealBroken."""
        async with db.system() as uow:
            await store.lock_signing_keys(uow.conn)
            stored = [await self._in_vault(uow, row) for row in await store.signing_keys(uow.conn)]
            if all(row.retired_at is not None for row in stored):
                await self._add(uow)
                stored = list(await store.signing_keys(uow.conn))
        self._take_over(stored)

    async def reload(self, db: Database) -> None:
        """Look for keys that other processes made, at most every few seconds however often somebody asks."""
        async with self._reloading:
            now = self._clock.now()
            if self._read_at is None or now - self._read_at >= RELOAD_EVERY:
                async with db.system() as uow:
                    stored = list(await store.signing_keys(uow.conn))
                self._take_over(stored)

    async def rotate(self, db: Database, *, at_once: bool = False) -> str:
        """Sign with a new key from now on. `at_once`: what the old ones signed holds no more, as when one was stolen.

        Answers the new key's name. Other processes hear of it.
        """
        async with db.system() as uow:
            await store.lock_signing_keys(uow.conn)
            kid = await self._add(uow)
            now = self._clock.now()
            await store.retire_signing_keys(uow.conn, kid, now)
            if at_once:
                await store.delete_signing_keys(uow.conn, retired_before=now + VERIFIES_FOR)
            uow.tell(KEYS_TOPIC, "changed", {})
        await self.load(db)
        return kid

    async def _add(self, uow: UnitOfWork) -> str:
        key = OKPKey.generate_key("Ed25519", private=True)
        sealed = self._vault.seal(SIGNING_KEY, msgspec.json.encode(key.as_dict(private=True)))
        await store.add_signing_key(uow.conn, key.thumbprint(), sealed, self._clock.now())
        return str(key.thumbprint())

    async def _in_vault(self, uow: UnitOfWork, row: Any) -> Any:
        """A key from before there was a vault moves in."""
        if row.in_vault:
            return row
        try:
            plain = self._secrets.unseal(BEFORE_THE_VAULT, bytes(row.sealed))
        except InvalidTag as error:
            raise SigningKeyUnreadable(
                "The signing keys in this database were sealed with another master secret. "
                "Put the old secrets/master.key (or ANTIPHON_SECRET_KEY) back."
            ) from error
        return await store.move_signing_key(uow.conn, row.kid, self._vault.seal(SIGNING_KEY, plain))

    def _take_over(self, stored: list[Any]) -> None:
        self._read_at = self._clock.now()
        self._keys = {row.kid: self._keys.get(row.kid) or self._opened(row.kid, bytes(row.sealed)) for row in stored}
        self._retired = {row.kid: row.retired_at for row in stored if row.retired_at is not None}
        living = [row for row in stored if row.retired_at is None]
        if living:
            self._signing = self._keys[max(living, key=lambda row: row.created_at).kid]

    def _opened(self, kid: str, sealed: bytes) -> OKPKey:
        plain = self._vault.open(SIGNING_KEY, sealed)
        key = OKPKey.import_key(msgspec.json.decode(plain, type=dict[str, str | list[str]]))
        if key.thumbprint() != kid:
            raise SigningKeyUnreadable(f"The signing key {kid} is not the one it is filed under.")
        return key
