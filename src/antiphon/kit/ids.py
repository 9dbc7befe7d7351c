"""Typed public ids: UUIDv7 inside, `trk_…` outside (Crockford base32, 26 letters, sorts as the UUID does).

The first letter after the prefix carries three bits and is drawn from letters above `f`, so that no id ends in
hexadecimal digits alone: one Subsonic client strips such an ending.
"""

from __future__ import annotations

import secrets
import time
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from antiphon.kit.errors import NotFound

__all__ = ["LETTERS", "Kind", "kind_of", "new_uuid", "out", "parse"]

LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_FIRST = "ghjkmnpq"
_PAIRS = [first + second for first in LETTERS for second in LETTERS]
_HEADS = [first + second for first in _FIRST for second in LETTERS]
_THIRTY = (1 << 30) - 1  # larger numbers are slow to take apart
_REMEMBERED = 4_096  # of each kind
_KNOWN = frozenset(LETTERS)
_AS_PYTHON = str.maketrans(LETTERS, "0123456789abcdefghijklmnopqrstuv")  # the digits that `int` takes


class Kind(StrEnum):
    """Every prefix there is."""

    # Those of this kind that were written and read lately: music is ids by the hundred, the same again and again.
    written: dict[UUID, str]
    read: dict[str, UUID]

    USER = "usr"
    ARTIST = "art"
    ALBUM = "alb"
    TRACK = "trk"
    GENRE = "gen"
    UPLOAD = "upl"
    PLAY_SESSION = "ses"
    FACT = "fct"
    SIGN_IN = "sin"
    PASSKEY = "pky"
    API_KEY = "key"
    APP_PASSWORD = "apw"  # noqa: S105
    AUDIT_ENTRY = "aud"
    INVITATION = "inv"
    APP = "app"
    WALLET = "wal"
    TRUSTED_DEVICE = "tdv"
    EXPORT = "exp"
    IMPORT = "imp"
    LINKED = "lnk"
    LIBRARY = "lib"
    FOLDER = "fol"
    SCAN = "scn"
    PLAYLIST = "pls"
    PLAYLIST_ENTRY = "ple"
    PLAYLIST_IMPORT = "pli"
    PLAYLIST_STATE = "plt"
    LYRICS = "lyr"
    EDIT = "edt"
    SHARE = "shr"
    BOOKMARK = "bmk"
    RADIO = "rad"
    MESSAGE = "msg"
    JAM = "jam"


def new_uuid() -> UUID:
    """A UUIDv7 (RFC 9562) for rows whose id must be known before they are written."""
    nanoseconds = time.time_ns()  # allow: no-clock-bypass — rows sort by real time, also in tests
    milliseconds = nanoseconds // 1_000_000
    random = secrets.randbits(74)
    value = milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & ((1 << 62) - 1)
    return UUID(int=value)


_KINDS: Final = {str(kind): kind for kind in Kind}
_PREFIXES: Final = {kind: f"{kind}_" for kind in Kind}
for _kind in Kind:
    _kind.written, _kind.read = {}, {}


def out(kind: Kind, value: UUID) -> str:
    found = kind.written.get(value)
    if found is None:
        found = _written(kind, value.int)
        _remember(kind.written, value, found)
    return found


def _written(kind: Kind, number: int) -> str:
    a, b, c, d = number >> 90, number >> 60 & _THIRTY, number >> 30 & _THIRTY, number & _THIRTY
    pairs = _PAIRS
    return (
        f"{_PREFIXES[kind]}{_HEADS[a >> 30]}{pairs[a >> 20 & 1023]}{pairs[a >> 10 & 1023]}{pairs[a & 1023]}"
        f"{pairs[b >> 20]}{pairs[b >> 10 & 1023]}{pairs[b & 1023]}"
        f"{pairs[c >> 20]}{pairs[c >> 10 & 1023]}{pairs[c & 1023]}"
        f"{pairs[d >> 20]}{pairs[d >> 10 & 1023]}{pairs[d & 1023]}"
    )


def parse(kind: Kind, text: str) -> UUID:
    """Raises NotFound for anything that is not an id of this kind: nothing can exist under it."""
    found = kind.read.get(text)
    if found is None:
        found = _read(kind, text)
        _remember(kind.read, text, found)
    return found


def _remember(known: dict[Any, Any], name: Any, value: Any) -> None:
    if len(known) >= _REMEMBERED:
        known.clear()
    known[name] = value


def _read(kind: Kind, text: str) -> UUID:
    prefix, _, body = text.partition("_")
    if prefix != kind or len(body) != 26 or body[0] not in _FIRST or not _KNOWN.issuperset(body):
        raise NotFound(f"There is no {kind.name.lower().replace('_', ' ')} with this id.")
    return UUID(int=_FIRST.index(body[0]) << 125 | int(body[1:].translate(_AS_PYTHON), 32))


def kind_of(text: str) -> Kind | None:
    """The kind that a public id claims to be, or None."""
    return _KINDS.get(text.partition("_")[0])
