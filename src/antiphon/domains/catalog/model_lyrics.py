"""The shapes of lyrics. No I/O. Times are milliseconds from the beginning of the track."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from antiphon.domains.catalog.model_hits import TrackHit

__all__ = [
    "LONGEST_TEXT",
    "MOST_LINES",
    "Agent",
    "AgentRole",
    "Line",
    "Lyrics",
    "LyricsDocument",
    "LyricsFormat",
    "LyricsKind",
    "LyricsText",
    "SungLine",
    "Word",
]

LyricsKind = Literal["main", "translation", "pronunciation"]
LyricsFormat = Literal["plain", "lrc", "elrc", "ttml", "srt"]
AgentRole = Literal["main", "voice", "bg", "group"]
MOST_LINES = 5_000
LONGEST_TEXT = 2_000
_Time = Annotated[int, Meta(ge=0, le=86_400_000)]
_Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
_Name = Annotated[str, Meta(max_length=60)]


class Agent(msgspec.Struct, frozen=True):
    """Who sings; lines name them by `id`."""

    id: _Name
    role: AgentRole = "voice"
    name: Annotated[str, Meta(max_length=200)] = ""


class Word(msgspec.Struct, frozen=True):
    """A word or a syllable, with the white space behind it. Without `end_ms` it lasts until the next."""

    text: _Text
    start_ms: _Time
    end_ms: _Time | None = None


class Line(msgspec.Struct, frozen=True):
    """The texts of `words`, put together, are `text`, where there are words. `agent` is the id of who sings it."""

    text: _Text
    start_ms: _Time | None = None
    end_ms: _Time | None = None
    words: Annotated[list[Word], Meta(max_length=500)] = []
    agent: _Name | None = None


class LyricsDocument(msgspec.Struct, frozen=True):
    """`synced`: every line says when it begins, and they are in that order."""

    lines: Annotated[list[Line], Meta(max_length=MOST_LINES)]
    agents: Annotated[list[Agent], Meta(max_length=20)] = []

    @property
    def synced(self) -> bool:
        return bool(self.lines) and all(line.start_ms is not None for line in self.lines)


class LyricsText(msgspec.Struct, frozen=True):
    """What a file says: one language and kind of text. `language` is `und` where it does not say."""

    document: LyricsDocument
    language: str = "und"
    kind: LyricsKind = "main"


class SungLine(msgspec.Struct, frozen=True):
    """A line of lyrics that somebody looked for. `start_ms` is None where the lyrics tell no times."""

    track: TrackHit
    text: str
    start_ms: int | None
    language: str


class Lyrics(msgspec.Struct, frozen=True, kw_only=True):
    """Of one track in one language. `source` is the format that they came in; None where they were typed in."""

    id: str
    language: str
    text_kind: LyricsKind
    synced: bool
    lines: list[Line]
    agents: list[Agent]
    source: LyricsFormat | None
    editable: bool
    version: int
    updated_at: datetime
    kind: Literal["lyrics"] = "lyrics"
