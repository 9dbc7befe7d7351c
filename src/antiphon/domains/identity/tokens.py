"""Tokens: signed access tokens (RFC 9068) that are checked in memory, and opaque random ones."""

from __future__ import annotations

import secrets as random
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, OKPKey

from antiphon.domains.identity.errors import SigningKeyUnreadable
from antiphon.domains.identity.model import ACCESS_TOKEN_LIFE
from antiphon.domains.identity.store import signing_keys as store
from antiphon.kit.clock import Clock
from antiphon.kit.db import Database
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, new_uuid, out, parse
from antiphon.kit.secrets import Secrets

__all__ = ["Actor", "Tokens", "VerifiedToken", "new_opaque_token"]

ALGORITHM = "Ed25519"  # EdDSA over Curve25519 by its full name (RFC 9864)
TOKEN_TYPE = "at+jwt"  # noqa: S105
AUDIENCE = "antiphon"
SEALED_FOR = "jwt"
LONGEST_TOKEN = 4096
REMEMBERED = 5_000  # some 6 MB; checking one that was forgotten takes 0.2 ms
CLOCKS_DIFFER_BY = timedelta(seconds=5)  # between the machine that issues and the one that checks


class Actor(msgspec.Struct, frozen=True):
    """Who asks. `roles` are those at the time the access token was issued.

    `authenticated_at` is when the person last proved who they are; None for what acts without them. An API key has
    `scopes` and no session.
    """

    user_id: UUID
    session_id: UUID | None
    roles: frozenset[str]
    authenticated_at: datetime | None = None
    scopes: frozenset[str] | None = None


class VerifiedToken(msgspec.Struct, frozen=True):
    actor: Actor
    valid_from: datetime
    expires_at: datetime


class _Claims(msgspec.Struct):
    """RFC 7519 and RFC 9068, as strict types: a claim that is missing or of another type refuses the token."""

    iss: str
    aud: str
    sub: str
    sid: str
    roles: list[str]
    auth_time: int
    jti: str
    iat: int
    nbf: int
    exp: int


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    alg: str
    kid: str
    typ: str


def new_opaque_token() -> str:
    """256 random bits in 43 URL-safe letters; stored as a digest only."""
    return random.token_urlsafe(32)


class Tokens:
    """Issues and checks access tokens. `load` must have run once; keys are shared through the database, sealed."""

    def __init__(self, secrets: Secrets, issuer: str, clock: Clock) -> None:
        self._secrets = secrets
        self._issuer = issuer
        self._clock = clock
        self._keys: dict[str, OKPKey] = {}
        self._signing: OKPKey | None = None
        self._verified: OrderedDict[str, VerifiedToken] = OrderedDict()

    async def load(self, db: Database) -> None:
        """Read the keys; the first process of an installation makes one. Raises SigningKeyUnreadable."""
        async with db.system() as uow:
            await store.lock_signing_keys(uow.conn)
            stored = await store.signing_keys(uow.conn)
            if not any(row.retired_at is None for row in stored):
                key = OKPKey.generate_key("Ed25519", private=True)
                sealed = self._secrets.seal(SEALED_FOR, msgspec.json.encode(key.as_dict(private=True)))
                await store.add_signing_key(uow.conn, key.thumbprint(), sealed, self._clock.now())
                stored = await store.signing_keys(uow.conn)
        self._keys = {row.kid: self._opened(row.kid, row.sealed) for row in stored}
        newest = max((row for row in stored if row.retired_at is None), key=lambda row: row.created_at)
        self._signing = self._keys[newest.kid]
        self._verified.clear()

    def issue(
        self, user_id: UUID, session_id: UUID, roles: frozenset[str], authenticated_at: datetime | None = None
    ) -> str:
        if self._signing is None:
            raise RuntimeError("Tokens.load has not run")
        now = int(self._clock.now().timestamp())
        claims = _Claims(
            iss=self._issuer,
            aud=AUDIENCE,
            sub=out(Kind.USER, user_id),
            sid=out(Kind.SIGN_IN, session_id),
            roles=sorted(roles),
            auth_time=int(authenticated_at.timestamp()) if authenticated_at else 0,
            jti=new_uuid().hex,
            iat=now,
            nbf=now,
            exp=now + int(ACCESS_TOKEN_LIFE.total_seconds()),
        )
        header = {"alg": ALGORITHM, "kid": self._signing.thumbprint(), "typ": TOKEN_TYPE}
        return jws.serialize_compact(header, msgspec.json.encode(claims), self._signing, algorithms=[ALGORITHM])

    def actor_of(self, token: str) -> Actor | None:
        """Who the token speaks for, or None for anything that is not a token of ours, now. No I/O."""
        verified = self.verify(token)
        return verified.actor if verified else None

    def verify(self, token: str) -> VerifiedToken | None:
        """As `actor_of`, with the time until which it holds."""
        now = self._clock.now()
        known = self._verified.get(token)
        if known is None:
            known = self._check(token)
            if known is None:
                return None
            self._verified[token] = known
            if len(self._verified) > REMEMBERED:
                self._verified.popitem(last=False)
        if not known.valid_from - CLOCKS_DIFFER_BY <= now < known.expires_at:
            del self._verified[token]
            return None
        return known

    def _check(self, token: str) -> VerifiedToken | None:
        """Signature and claims, all but the time."""
        if len(token) > LONGEST_TOKEN or not token.isascii():
            return None
        try:
            checked = jws.deserialize_compact(token, self._key_for, algorithms=[ALGORITHM])
            claims = msgspec.json.decode(checked.payload or b"", type=_Claims)
            if claims.iss != self._issuer or claims.aud != AUDIENCE or claims.exp <= claims.nbf:
                return None
            actor = Actor(
                parse(Kind.USER, claims.sub),
                parse(Kind.SIGN_IN, claims.sid),
                frozenset(claims.roles),
                datetime.fromtimestamp(claims.auth_time, UTC) if claims.auth_time else None,
            )
            return VerifiedToken(
                actor, datetime.fromtimestamp(claims.nbf, UTC), datetime.fromtimestamp(claims.exp, UTC)
            )
        except (JoseError, msgspec.MsgspecError, ValueError, OverflowError, OSError, NotFound):
            return None

    def _key_for(self, guest: GuestProtocol) -> OKPKey:
        """The key that the header names, if the header is exactly ours. Raises ValueError."""
        header = msgspec.convert(guest.headers(), _Header)
        key = self._keys.get(header.kid)
        if key is None or header.alg != ALGORITHM or header.typ != TOKEN_TYPE:
            raise ValueError("not a header of ours")
        return key

    def _opened(self, kid: str, sealed: bytes) -> OKPKey:
        try:
            key = OKPKey.import_key(
                msgspec.json.decode(self._secrets.unseal(SEALED_FOR, sealed), type=dict[str, str | list[str]])
            )
        except InvalidTag as error:
            raise SigningKeyUnreadable(
                "The signing keys in this database were sealed with another master secret. "
                "Put the old secrets/master.key (or ANTIPHON_SECRET_KEY) back."
            ) from error
        if key.thumbprint() != kid:
            raise SigningKeyUnreadable(f"The signing key {kid} is not the one it is filed under.")
        return key
