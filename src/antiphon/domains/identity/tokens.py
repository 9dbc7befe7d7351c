"""Tokens: signed access tokens (RFC 9068) that are checked in memory, and opaque random ones."""

from __future__ import annotations

import secrets as random
from base64 import urlsafe_b64decode
from collections import OrderedDict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, OKPKey

from antiphon.domains.identity.model import ACCESS_TOKEN_LIFE
from antiphon.domains.identity.signing_keys import ALGORITHM, SigningKeys
from antiphon.kit.clock import Clock
from antiphon.kit.db import Database
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, new_uuid, out, parse

__all__ = ["Actor", "Tokens", "VerifiedToken", "new_opaque_token"]

TOKEN_TYPE = "at+jwt"  # noqa: S105
AUDIENCE = "antiphon"
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
    scope: str | msgspec.UnsetType = msgspec.UNSET


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    alg: str
    kid: str
    typ: str


def new_opaque_token() -> str:
    """256 random bits in 43 URL-safe letters; stored as a digest only."""
    return random.token_urlsafe(32)


class Tokens:
    """Issues and checks access tokens."""

    def __init__(self, keys: SigningKeys, issuer: str, clock: Clock) -> None:
        self.keys = keys
        self._issuer = issuer
        self._clock = clock
        self._verified: OrderedDict[str, tuple[str, VerifiedToken]] = OrderedDict()

    def issue(
        self,
        user_id: UUID,
        session_id: UUID,
        roles: frozenset[str],
        authenticated_at: datetime | None = None,
        scopes: Iterable[str] | None = None,
    ) -> str:
        """`authenticated_at`: when the person last proved who they are. `scopes`: what an app is held to."""
        now = int(self._clock.now().timestamp())
        claims = _Claims(
            iss=self._issuer,
            aud=AUDIENCE,
            sub=out(Kind.USER, user_id),
            sid=out(Kind.SIGN_IN, session_id),
            roles=sorted(roles),
            auth_time=int(authenticated_at.timestamp()) if authenticated_at else 0,
            scope=" ".join(sorted(scopes)) if scopes is not None else msgspec.UNSET,
            jti=new_uuid().hex,
            iat=now,
            nbf=now,
            exp=now + int(ACCESS_TOKEN_LIFE.total_seconds()),
        )
        key = self.keys.signing
        header = {"alg": ALGORITHM, "kid": key.thumbprint(), "typ": TOKEN_TYPE}
        return jws.serialize_compact(header, msgspec.json.encode(claims), key, algorithms=[ALGORITHM])

    def actor_of(self, token: str) -> Actor | None:
        """Who the token speaks for, or None for anything that is not a token of ours, now. No I/O."""
        verified = self.verify(token)
        return verified.actor if verified else None

    def verify(self, token: str) -> VerifiedToken | None:
        """As `actor_of`, with the time until which it holds."""
        now = self._clock.now()
        kid, known = self._verified.get(token) or ("", None)
        if known is None:
            kid, known = self._check(token)
            if known is None:
                return None
            self._verified[token] = kid, known
            if len(self._verified) > REMEMBERED:
                self._verified.popitem(last=False)
        if not known.valid_from - CLOCKS_DIFFER_BY <= now < known.expires_at or self.keys.get(kid) is None:
            del self._verified[token]
            return None
        return known

    async def verify_anew(self, db: Database, token: str) -> VerifiedToken | None:
        """As `verify`; a key that is new here is looked for, as another process may have made it a moment ago."""
        found = self.verify(token)
        if found is None and self._names_unknown_key(token):
            await self.keys.reload(db)
            found = self.verify(token)
        return found

    def _names_unknown_key(self, token: str) -> bool:
        if len(token) > LONGEST_TOKEN or not token.isascii():
            return False
        try:
            header = msgspec.json.decode(urlsafe_b64decode(token.partition(".")[0] + "=="), type=_Header)
        except (msgspec.MsgspecError, ValueError):
            return False
        return self.keys.get(header.kid) is None

    def _check(self, token: str) -> tuple[str, VerifiedToken | None]:
        """Signature and claims, all but the time; and the name of the key."""
        if len(token) > LONGEST_TOKEN or not token.isascii():
            return "", None
        try:
            checked = jws.deserialize_compact(token, self._key_for, algorithms=[ALGORITHM])
            claims = msgspec.json.decode(checked.payload or b"", type=_Claims)
            if claims.iss != self._issuer or claims.aud != AUDIENCE or claims.exp <= claims.nbf:
                return "", None
            actor = Actor(
                parse(Kind.USER, claims.sub),
                parse(Kind.SIGN_IN, claims.sid),
                frozenset(claims.roles),
                datetime.fromtimestamp(claims.auth_time, UTC) if claims.auth_time else None,
                None if claims.scope is msgspec.UNSET else frozenset(claims.scope.split()),
            )
            valid_from, until = datetime.fromtimestamp(claims.nbf, UTC), datetime.fromtimestamp(claims.exp, UTC)
            return str(checked.headers()["kid"]), VerifiedToken(actor, valid_from, until)
        except (JoseError, msgspec.MsgspecError, ValueError, OverflowError, OSError, NotFound):
            return "", None

    def _key_for(self, guest: GuestProtocol) -> OKPKey:
        """The key that the header names, if the header is exactly ours. Raises ValueError."""
        header = msgspec.convert(guest.headers(), _Header)
        key = self.keys.get(header.kid)
        if key is None or header.alg != ALGORITHM or header.typ != TOKEN_TYPE:
            raise ValueError("not a header of ours")
        return key
