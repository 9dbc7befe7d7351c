"""The shapes of a playlist file under review. No I/O."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from antiphon.domains.catalog.matching import Sureness
from antiphon.domains.catalog.model_playlists import Name, Visibility

__all__ = ["Acceptance", "ImportedLine", "LineChoice", "MatchedTrack", "PlaylistImport", "StoredLine"]


class StoredLine(msgspec.Struct, frozen=True):
    """A line as it is kept: what the file says, and which tracks may be meant, the best first."""

    location: str
    title: str
    artist: str
    duration_ms: int | None
    sureness: Sureness
    candidates: list[UUID]


class MatchedTrack(msgspec.Struct, frozen=True):
    id: str
    title: str
    artist: str
    album: str | None
    duration_ms: int | None


class ImportedLine(msgspec.Struct, frozen=True, kw_only=True):
    """`candidates` are the tracks that may be meant, the best first. `sure`: the first will be taken unless somebody
    says otherwise; `likely`: it will be taken too, but is worth a look; `none`: nothing will be taken."""

    number: int
    location: str
    title: str
    artist: str
    duration_ms: int | None
    sureness: Sureness
    candidates: list[MatchedTrack]


class PlaylistImport(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    lines: list[ImportedLine]
    sure: int
    likely: int
    missing: int
    created_at: datetime


class LineChoice(msgspec.Struct, frozen=True):
    """Which track a line is after all; None leaves it out."""

    number: int
    track_id: str | None


class Acceptance(msgspec.Struct, frozen=True):
    """Lines that are not named are taken as the review proposes."""

    name: Name
    visibility: Visibility = "private"
    choices: Annotated[list[LineChoice], Meta(max_length=5_000)] = []
