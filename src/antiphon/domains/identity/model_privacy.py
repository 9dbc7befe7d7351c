"""Rules of consents, preferences, profiles and closing accounts; no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlsplit, urlunsplit

import msgspec
from msgspec import Meta

from antiphon.kit.errors import FieldProblem, Invalid
from antiphon.kit.text import clean, clean_lines

__all__ = [
    "ARCHIVE_FORMAT",
    "ARCHIVE_KEPT_FOR",
    "ARCHIVE_VERSION",
    "LINKS_MAX",
    "PRIVATE_SESSION_MAX",
    "PURPOSES",
    "PlayerPreferences",
    "Purpose",
    "asked_purposes",
    "clean_bio",
    "clean_links",
    "is_needed",
    "private_until",
]

ARCHIVE_FORMAT = "antiphon-personal-archive"
ARCHIVE_VERSION = 2
"""The second has words beside ids of works; archives of the first are taken in as before."""
ARCHIVE_KEPT_FOR = timedelta(days=7)
PRIVATE_SESSION_MAX = timedelta(days=7)
LINKS_MAX = 5
LINK_LENGTH = 300
BIO_MAX = 2000


class Purpose(msgspec.Struct, frozen=True, kw_only=True):
    """Something that people are asked about. A text that changes gets a new version, and is asked again.

    An agreement is asked until it is given; a choice is asked once, and may be no.
    """

    title: str
    version: str
    agreement: bool


PURPOSES: Mapping[str, Purpose] = {
    "terms": Purpose(title="The terms of use of this place", version="1", agreement=True),
    "privacy": Purpose(title="What is kept about you here, and why", version="1", agreement=True),
    "newsletter": Purpose(title="Letters with news now and then", version="1", agreement=False),
    "analytics": Purpose(title="Measuring how pages are used, beyond what runs them", version="1", agreement=False),
}


class PlayerPreferences(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody likes to listen, on every device that follows the account."""

    loudness: Literal["track", "album", "off"] = "track"
    quality: Literal["auto", "data_saver", "high", "lossless"] = "auto"
    crossfade_s: Annotated[int, Meta(ge=0, le=12, description="Seconds in which one track fades into the next")] = 0
    explicit: Annotated[bool, Meta(description="Whether works that are marked explicit are heard")] = True


def asked_purposes(setting: str) -> tuple[str, ...]:
    """The purposes that an installation asks about. Raises ValueError for one that there is not."""
    names = tuple(name.strip() for name in setting.split(",") if name.strip())
    unknown = [name for name in names if name not in PURPOSES]
    if unknown:
        raise ValueError(f"there is no purpose called {', '.join(unknown)}; there are {', '.join(PURPOSES)}")
    return names


def is_needed(purpose: Purpose, version: str | None, granted: bool | None) -> bool:
    """Whether somebody who answered so, to that version of the text, must be asked (again)."""
    return version != purpose.version or (purpose.agreement and not granted)


def clean_bio(text: str) -> str:
    """Raises Invalid where it is too long."""
    bio = clean_lines(text)
    if len(bio) > BIO_MAX:
        raise Invalid(FieldProblem("/bio", "length", f"A bio has at most {BIO_MAX} characters."))
    return bio


def clean_links(links: list[str]) -> list[str]:
    """Addresses that a browser may follow without harm: https, a host with a dot, no name or password in them.

    Raises Invalid and names each that is wrong.
    """
    if len(links) > LINKS_MAX:
        raise Invalid(FieldProblem("/links", "length", f"There is room for {LINKS_MAX} links."))
    cleaned = [_link(text) for text in links]
    problems = [
        FieldProblem(f"/links/{place}", "invalid_link", "A link is an https:// address.")
        for place, link in enumerate(cleaned)
        if link is None
    ]
    if problems:
        raise Invalid(*problems)
    return list(dict.fromkeys(link for link in cleaned if link is not None))


def _link(text: str) -> str | None:
    address = clean(text)
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except (ValueError, UnicodeError):
        return None
    good = (
        parts.scheme == "https"
        and "." in host.strip(".")
        and "@" not in parts.netloc
        and len(address) <= LINK_LENGTH
        and not any(char.isspace() or char in '<>"\\^`{|}' for char in address)
    )
    where = host if port is None else f"{host}:{port}"
    return urlunsplit(("https", where, parts.path or "/", parts.query, parts.fragment)) if good else None


def private_until(wanted: datetime | None, now: datetime) -> datetime | None:
    """When a private session ends; one that has ended is none. Raises Invalid for one that would not end soon."""
    if wanted is None or wanted <= now:
        return None
    if wanted > now + PRIVATE_SESSION_MAX:
        days = PRIVATE_SESSION_MAX.days
        detail = f"A private session lasts at most {days} days."
        raise Invalid(FieldProblem("/private_session_until", "range", detail))
    return wanted
