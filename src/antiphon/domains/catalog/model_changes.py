"""What a person may ask to change about artists, works and genres. No I/O."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from antiphon.domains.catalog.model import (
    AlbumKind,
    Alias,
    ArtistKind,
    Isrc,
    Link,
    Precision,
    Text,
    Title,
    Upc,
)

__all__ = [
    "MOST_AT_ONCE",
    "ArtistChange",
    "ArtistCreditInput",
    "BulkChange",
    "ContentChange",
    "CreditInput",
    "GenreChange",
    "MemberInput",
    "NewGenre",
    "WordsOf",
]

MOST_AT_ONCE = 5_000
Name = Annotated[str, Meta(min_length=1, max_length=60)]
Short = Annotated[str, Meta(max_length=300)]
Year = Annotated[int, Meta(ge=1000, le=9999)]
Words = Annotated[list[Name], Meta(max_length=30)]
Territory = Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]
Moment = Annotated[datetime, Meta(tz=True)]
Disc = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,2}$")]


class MemberInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    artist_id: str
    role: Annotated[str, Meta(max_length=60)] = ""
    since_year: Year | None = None
    until_year: Year | None = None


class ArtistChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Only what is given changes. `members` makes the artist a group of these; lists are replaced as a whole."""

    name: Title | UnsetType = UNSET
    bio: Text | UnsetType = UNSET
    sort_name: Title | UnsetType | None = UNSET
    artist_kind: ArtistKind | UnsetType = UNSET
    disambiguation: Short | UnsetType = UNSET
    mbid: UUID | UnsetType | None = UNSET
    links: Annotated[list[Link], Meta(max_length=30)] | UnsetType = UNSET
    aliases: Annotated[list[Alias], Meta(max_length=100)] | UnsetType = UNSET
    members: Annotated[list[MemberInput], Meta(max_length=200)] | UnsetType = UNSET


class CreditInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Title
    role: Annotated[str, Meta(min_length=1, max_length=60)]
    artist_id: str | None = None


class ArtistCreditInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`credited_as`: where that is not the artist's name. `joined_by` stands before the next, such as " feat. "."""

    artist_id: str
    credited_as: Title | None = None
    joined_by: Annotated[str, Meta(max_length=30)] = ""


class ContentChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Only what is given changes; a field that the kind of content does not have is refused.

    Lists are replaced as a whole. The first of `artists` is the one that the work belongs to.
    """

    title: Title | UnsetType = UNSET
    sort_title: Title | UnsetType | None = UNSET
    description: Text | UnsetType = UNSET
    explicit: bool | UnsetType = UNSET
    artists: Annotated[list[ArtistCreditInput], Meta(min_length=1, max_length=50)] | UnsetType = UNSET
    moods: Words | UnsetType = UNSET
    tags: Words | UnsetType = UNSET
    mbid: UUID | UnsetType | None = UNSET
    album_id: str | UnsetType | None = UNSET
    disc_number: Annotated[int, Meta(ge=1, le=999)] | UnsetType | None = UNSET
    disc_title: Short | UnsetType | None = UNSET
    track_number: Annotated[int, Meta(ge=1, le=9999)] | UnsetType | None = UNSET
    version_title: Short | UnsetType = UNSET
    year: Year | UnsetType | None = UNSET
    isrc: Isrc | UnsetType | None = UNSET
    bpm: Annotated[float, Meta(gt=0, le=1000)] | UnsetType | None = UNSET
    musical_key: Annotated[str, Meta(max_length=30)] | UnsetType | None = UNSET
    language: Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | UnsetType | None = UNSET
    work: Short | UnsetType = UNSET
    movement: Short | UnsetType = UNSET
    comment: Text | UnsetType = UNSET
    copyright: Short | UnsetType = UNSET
    genres: Annotated[list[Name], Meta(max_length=20)] | UnsetType = UNSET
    credits: Annotated[list[CreditInput], Meta(max_length=100)] | UnsetType = UNSET
    album_kind: AlbumKind | UnsetType = UNSET
    edition: Short | UnsetType = UNSET
    disc_titles: Annotated[dict[Disc, Short], Meta(max_length=100)] | UnsetType = UNSET
    release_date: date | UnsetType | None = UNSET
    release_precision: Precision | UnsetType = UNSET
    original_date: date | UnsetType | None = UNSET
    original_precision: Precision | UnsetType = UNSET
    label: Short | UnsetType = UNSET
    catalog_number: Annotated[str, Meta(max_length=100)] | UnsetType = UNSET
    upc: Upc | UnsetType | None = UNSET
    compilation: bool | UnsetType = UNSET
    territories: Annotated[list[Territory], Meta(max_length=250)] | UnsetType | None = UNSET
    embargoes: Annotated[dict[Territory, Moment], Meta(max_length=250)] | UnsetType = UNSET
    release_group_mbid: UUID | UnsetType | None = UNSET


class WordsOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words to be put to those that each has, or taken from them. Albums have no genres of their own."""

    genres: Words = []
    moods: Words = []
    tags: Words = []


class BulkChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One change to many: to all of them, or, where it does not fit one, to none.

    `add` and `remove` leave the other words of each as they are; a list that `change` holds is replaced as a whole.
    """

    ids: Annotated[list[str], Meta(min_length=1, max_length=MOST_AT_ONCE)]
    change: ContentChange
    add: WordsOf | None = None
    remove: WordsOf | None = None


class NewGenre(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Name
    parent_id: str | None = None


class GenreChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Only what is given changes. A name that is left becomes an alias, so that it goes on being understood."""

    name: Name | UnsetType = UNSET
    parent_id: str | UnsetType | None = UNSET
    aliases: Annotated[list[Name], Meta(max_length=100)] | UnsetType = UNSET
