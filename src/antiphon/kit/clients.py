"""Where a request comes from, as far as that can be believed."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import datetime

import msgspec

__all__ = ["LANGUAGES", "Asking", "Client", "asking", "best_language", "listen_from"]

LANGUAGES = ("en", "es", "fr", "de", "ja", "ar", "he")


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """`device` is the digest of the secret by which a device is known again; None where it keeps none.

    `new_device` is the secret itself, where it was made for this request and the browser has yet to get it.
    """

    address: str = ""
    user_agent: str = ""
    device: bytes | None = None
    new_device: str | None = None
    language: str = "en"


class Asking(msgspec.Struct, frozen=True):
    """From which country (ISO 3166) a request comes, None where nobody says, and when."""

    territory: str | None
    at: datetime


_ASKING: ContextVar[Asking | None] = ContextVar("antiphon.asking", default=None)


def listen_from(asking: Asking) -> None:
    """For the rest of this request. What a work says of itself depends on it wherever it is read."""
    _ASKING.set(asking)


def asking() -> Asking | None:
    """None outside of requests: jobs and exports are nowhere."""
    return _ASKING.get()


def best_language(accept_language: str) -> str:
    """The first of our languages in the order of preference of RFC 9110, 12.5.4; English where none is wanted."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept_language[:500].split(",")):
        tag, _, parameter = part.strip().partition(";")
        primary = tag.strip().lower().partition("-")[0]
        try:
            quality = float(parameter.partition("=")[2]) if parameter else 1.0
        except ValueError:
            continue
        if primary in LANGUAGES and quality > 0:
            wanted.append((-quality, place, primary))
    return min(wanted)[2] if wanted else LANGUAGES[0]
