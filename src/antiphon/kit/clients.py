"""Where a request comes from, as far as that can be believed."""

from __future__ import annotations

import msgspec

__all__ = ["LANGUAGES", "Client", "best_language"]

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
