"""The words of ListenBrainz, as far as they are understood here: docs of its core API and of its JSON (1.1)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from antiphon.domains.catalog.api import NamedTrack

__all__ = ["Listen", "Submission", "named", "told_by"]

MOST = 1_000
Name = Annotated[str, Meta(min_length=1, max_length=1_000)]


class Additional(msgspec.Struct, frozen=True):
    """Whatever else is said of it is passed over. Lengths come in seconds or in milliseconds."""

    isrc: str | None = None
    duration: float | None = None
    duration_ms: float | None = None
    media_player: str | None = None
    submission_client: str | None = None


class TrackMetadata(msgspec.Struct, frozen=True):
    artist_name: Name
    track_name: Name
    release_name: str | None = None
    additional_info: Additional = Additional()


class Listen(msgspec.Struct, frozen=True):
    """`listened_at`: seconds since 1970."""

    track_metadata: TrackMetadata
    listened_at: Annotated[int, Meta(ge=0, le=2**33)] | None = None

    @property
    def at(self) -> datetime | None:
        return None if self.listened_at is None else datetime.fromtimestamp(self.listened_at, UTC)


class Submission(msgspec.Struct, frozen=True):
    listen_type: Literal["single", "playing_now", "import"]
    payload: Annotated[list[Listen], Meta(min_length=1, max_length=MOST)]

    def flaw(self) -> str:
        """What ListenBrainz refuses beyond the shape; empty where it takes it."""
        times = [listen.listened_at is not None for listen in self.payload]
        if self.listen_type != "import" and len(self.payload) > 1:
            return f"A submission of type {self.listen_type} holds one listen."
        if self.listen_type == "playing_now" and any(times):
            return "A listen of type playing_now has no listened_at."
        if self.listen_type != "playing_now" and not all(times):
            return "Every listen has a listened_at."
        return ""


def named(listen: Listen) -> NamedTrack:
    said = listen.track_metadata
    more = said.additional_info
    length = more.duration_ms if more.duration_ms is not None else more.duration and more.duration * 1000
    return NamedTrack(said.track_name, said.artist_name, more.isrc or "", round(length) if length else None)


def told_by(listen: Listen) -> str:
    """The app, as it is shown beside what it plays."""
    more = listen.track_metadata.additional_info
    return (more.media_player or more.submission_client or "ListenBrainz")[:100]
