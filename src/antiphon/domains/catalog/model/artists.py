"""Artists, as people see and make them. No I/O."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from antiphon.domains.catalog.model.shared import ArtistRef, Image, Text, Title, Url

__all__ = [
    "MANAGER_KINDS",
    "Alias",
    "Applicant",
    "Approval",
    "ApprovalRule",
    "Artist",
    "ArtistKind",
    "ArtistStats",
    "FullArtist",
    "Link",
    "Manager",
    "ManagerChoice",
    "ManagerKind",
    "Membership",
    "NewArtist",
    "WaitingArtist",
]

ManagerKind = Literal["owner", "manager", "label"]
MANAGER_KINDS: tuple[ManagerKind, ...] = ("owner", "manager", "label")
Approval = Literal["waiting", "approved", "refused"]
ApprovalRule = Literal["open", "required"]
ArtistKind = Literal["", "person", "group", "orchestra", "choir", "character", "other"]


class ArtistStats(msgspec.Struct, frozen=True):
    """Published works, and plays of them."""

    albums: int
    tracks: int
    plays: int


class Artist(msgspec.Struct, frozen=True):
    """What is not `approved` is seen by its managers only and publishes nothing; `refused_for` says why."""

    id: str
    name: str
    bio: str
    image: Image | None
    created_at: datetime
    version: int
    editable: bool
    stats: ArtistStats
    approval: Approval
    refused_for: str | None
    kind: Literal["artist"] = "artist"


class Link(msgspec.Struct, frozen=True):
    """A page of the artist elsewhere; `name` is what the link is called."""

    url: Url
    name: Annotated[str, Meta(max_length=100)] = ""


class Alias(msgspec.Struct, frozen=True):
    """Another name of an artist; `language` is a code of ISO 639."""

    name: Title
    language: Annotated[str, Meta(pattern=r"^[a-z]{2,3}$")] | None = None


class Membership(msgspec.Struct, frozen=True):
    """Who belongs to a group, or to which group an artist belongs, with the years where they are known."""

    artist: ArtistRef
    role: str
    since_year: int | None
    until_year: int | None


class FullArtist(Artist, frozen=True, kw_only=True):
    """An artist with everything that is known of it. `sort_name` is none where it sorts by its name."""

    sort_name: str | None
    artist_kind: ArtistKind
    disambiguation: str
    mbid: UUID | None
    links: list[Link]
    aliases: list[Alias]
    members: list[Membership]
    member_of: list[Membership]


class Applicant(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    handle: str
    display_name: str


class WaitingArtist(msgspec.Struct, frozen=True, kw_only=True):
    """A profile to be decided about. `tracks` are the drafts that it has by now; `refused_before` is why it was refused
    last time, if it was. `made_by` is None where the person left, or keeps their profile to themselves."""

    id: str
    name: str
    bio: str
    image: Image | None
    asked_at: datetime
    tracks: int
    refused_before: str | None
    made_by: Applicant | None


class NewArtist(msgspec.Struct, frozen=True):
    name: Title
    bio: Text = ""


class Manager(msgspec.Struct, frozen=True):
    """Somebody who manages an artist: an `owner` also chooses the others, a `label` has the artist on its roster."""

    user_id: str
    kind: ManagerKind
    since: datetime


class ManagerChoice(msgspec.Struct, frozen=True):
    kind: ManagerKind
