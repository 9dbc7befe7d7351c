"""What all kinds of works have in common. No I/O."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from antiphon.kit.text import search_key

__all__ = [
    "IGNORED_ARTICLES",
    "AlbumRef",
    "ArtistCredit",
    "ArtistRef",
    "Image",
    "Loudness",
    "Refusal",
    "TakenDown",
    "TakenDownItem",
    "Text",
    "Title",
    "Url",
    "sort_key",
    "without_article",
]

Title = Annotated[str, Meta(min_length=1, max_length=300)]
Text = Annotated[str, Meta(max_length=5000)]
Url = Annotated[str, Meta(pattern=r"^https?://[^\s<>\"]+$", max_length=500)]


# As Subsonic's apps are told too; what is left out of an order stands at the end of no name.
IGNORED_ARTICLES = ("The", "El", "La", "Los", "Las", "Le", "Les")
_ARTICLES = tuple(f"{article.lower()} " for article in IGNORED_ARTICLES)


def sort_key(name: str) -> str:
    """Where a name stands in a list: its search key without a leading article."""
    return without_article(search_key(name))


def without_article(key: str) -> str:
    for article in _ARTICLES:
        if key.startswith(article):
            return key.removeprefix(article)
    return key


class Image(msgspec.Struct, frozen=True):
    """`sizes` maps the longer edge in pixels to a URL; `color` is the dominant colour."""

    color: str
    sizes: dict[str, str]


class Loudness(msgspec.Struct, frozen=True):
    """EBU R128; None where nothing but silence was measured."""

    integrated_lufs: float | None
    true_peak_dbtp: float | None
    range_lu: float | None


class ArtistRef(msgspec.Struct, frozen=True):
    id: str
    name: str


class AlbumRef(msgspec.Struct, frozen=True):
    id: str
    title: str


class Refusal(msgspec.Struct, frozen=True):
    """The artist's managers read the reason."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class ArtistCredit(msgspec.Struct, frozen=True):
    """One of those who perform. `name` is how they are credited here, `joined_by` stands before the next."""

    id: str
    name: str
    joined_by: str


class TakenDown(msgspec.Struct, frozen=True):
    """Since when nobody hears it, and why."""

    at: datetime
    reason: str


class TakenDownItem(msgspec.Struct, frozen=True, kw_only=True):
    """A track that was taken down, or an album with its tracks."""

    id: str
    kind: Literal["album", "track"]
    title: str
    artist: ArtistRef
    cover: Image | None
    taken_down: TakenDown
