"""API keys and app passwords as text: how they are made, read and compared; no I/O.

An API key is `ak_`, the id of its row, 160 random bits and a checksum, all in Crockford's base32, which has no letters
that look alike. The checksum refuses a misspelt key without a query, and lets a scanner of leaked secrets know ours.

An app password is twenty letters in four groups, generated and never chosen, because token sign-in of Subsonic needs
its plain text: it must open nothing but this installation, and nothing but what its scopes say.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets as random
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from antiphon.domains.identity.policy import SCOPES
from antiphon.kit.errors import FieldProblem, Invalid, NotFound
from antiphon.kit.ids import LETTERS, Kind, out, parse
from antiphon.kit.secrets import token_digest

__all__ = [
    "API_KEYS_AT_MOST",
    "API_KEY_PREFIX",
    "APP_PASSWORDS_AT_MOST",
    "APP_PASSWORD_SCOPES",
    "KeyText",
    "clean_expiry",
    "clean_scopes",
    "new_api_key",
    "new_app_password",
    "password_fits",
    "read_api_key",
    "token_fits",
]

API_KEY_PREFIX = "ak_"
API_KEYS_AT_MOST = 50
APP_PASSWORDS_AT_MOST = 20
APP_PASSWORD_SCOPES = ("listen", "library")  # what a player needs
EXPIRES_WITHIN = timedelta(days=5 * 366)
_ID, _SECRET, _CHECK = 26, 32, 7
_GROUPS, _GROUP = 4, 5
_KEY_LENGTH = len(API_KEY_PREFIX) + _ID + _SECRET + _CHECK


class KeyText(msgspec.Struct, frozen=True):
    """The row that a key names, and the digest that the row must have."""

    id: UUID
    digest: bytes


def new_api_key(key_id: UUID) -> str:
    """What is shown once. Only its digest is kept."""
    body = _letters(key_id) + "".join(random.choice(LETTERS) for _ in range(_SECRET))
    return API_KEY_PREFIX + body + _checksum(body)


def read_api_key(text: str) -> KeyText | None:
    """None for what is not a key of ours, whatever the database says."""
    if len(text) != _KEY_LENGTH or not text.startswith(API_KEY_PREFIX):
        return None
    body, check = text[len(API_KEY_PREFIX) : -_CHECK], text[-_CHECK:]
    if not set(body) <= set(LETTERS) or check != _checksum(body):
        return None
    try:
        key_id = parse(Kind.API_KEY, f"{Kind.API_KEY}_{body[:_ID]}")
    except NotFound:
        return None
    return KeyText(key_id, token_digest(text))


def _letters(key_id: UUID) -> str:
    return out(Kind.API_KEY, key_id).partition("_")[2]


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    return "".join(LETTERS[number >> shift & 31] for shift in range(30, -1, -5))


def new_app_password() -> str:
    """A hundred random bits, easy to read aloud and to type on a television."""
    return "-".join("".join(random.choice(LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def password_fits(stored: str, given: str) -> bool:
    """Hyphens, spaces and capitals make no difference to a person who types. In constant time."""
    folded = "".join(letter for letter in given.casefold() if letter not in " -")
    return hmac.compare_digest(stored.replace("-", "").encode(), folded.encode("utf-8", "surrogatepass"))


def token_fits(stored: str, token: str, salt: str) -> bool:
    """Subsonic's token: the hexadecimal MD5 of password and salt; with hyphens as shown, or typed without. In
    constant time.
    """
    given = token.lower().encode("utf-8", "surrogatepass")
    fits = False
    for spelling in (stored, stored.replace("-", "")):
        wanted = hashlib.md5((spelling + salt).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
        fits |= hmac.compare_digest(wanted.encode(), given)
    return fits


def clean_scopes(given: Iterable[str]) -> list[str]:
    """Sorted, each once. Raises Invalid where one does not exist or none is given."""
    scopes = sorted(set(given))
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        known = ", ".join(sorted(SCOPES))
        raise Invalid(FieldProblem("/scopes", "invalid_scopes", f"Name at least one of these scopes: {known}."))
    return scopes


def clean_expiry(given: datetime | None, now: datetime) -> datetime | None:
    """Raises Invalid for a time that has passed, has no offset, or is more than five years away."""
    if given is None:
        return None
    if given.tzinfo is None or not now < given <= now + EXPIRES_WITHIN:
        raise Invalid(
            FieldProblem(
                "/expires_at", "invalid_expiry", "A key expires at a time between now and five years from now."
            )
        )
    return given
