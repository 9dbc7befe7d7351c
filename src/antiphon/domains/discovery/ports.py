"""What discovery needs of a search index. One contract, whoever keeps it: tests/contracts/search.

Words come in folded and cut (see `folding`): an index compares them letter by letter and knows no language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol
from uuid import UUID

import msgspec

__all__ = [
    "FACETS",
    "KINDS",
    "SCORES",
    "STEPS",
    "Ask",
    "Document",
    "Filters",
    "Found",
    "Hit",
    "IndexWriter",
    "Kind",
    "Mark",
    "Page",
    "Reach",
    "SearchIndex",
    "Word",
]

Kind = Literal["artist", "album", "track", "playlist", "person", "lyrics"]
KINDS: tuple[Kind, ...] = ("artist", "album", "track", "playlist", "person", "lyrics")
Reach = Literal["words", "near", "some"]
STEPS = {"bpm": 10, "duration": 60}  # of these facets a value is the least of so many beats, or seconds
FACETS = ("genre", "year", "mood", "bpm", "key", "duration", "format")


class Document(msgspec.Struct, frozen=True, gc=False):
    """One thing to find. `title` are the tokens of its own names, `beside` those of whose it is and what it is on;
    `keys` its names as a whole; `endings` the ends of its long words. `weight` multiplies every score and is near 1.
    Of several with one id, the lines of lyrics, `part` tells which; they are replaced and removed together."""

    kind: Kind
    id: UUID
    title: tuple[str, ...]
    beside: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    libraries: tuple[int, ...] = (0,)
    weight: float = 1.0
    part: int = 0
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    year: int | None = None
    bpm: int | None = None
    key: str | None = None
    duration_s: int | None = None
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """One word that is asked for: any of the `ways`, each a set of tokens that have to be there together. `whole` may
    be longer than what was typed where it is `open`, and `typos` letters of it may be wrong, be missing or have changed
    places; where it is `inner`, it may stand inside of a longer word. An optional word need not be there."""

    ways: tuple[tuple[str, ...], ...]
    whole: str = ""
    open: bool = False
    typos: int = 0
    inner: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """Only what is like this; None does not matter. Ranges include both ends."""

    libraries: tuple[int, ...] | None = None
    genre: str | None = None
    mood: str | None = None
    key: str | None = None
    format: str | None = None
    year: tuple[int | None, int | None] | None = None
    bpm: tuple[int | None, int | None] | None = None
    duration_s: tuple[int | None, int | None] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    limit: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """How far a word may be from what is found: `words` whole, or begun where the word is open; `near` also with wrong
    letters, or inside of a longer word; `some` lets one of several words be missing. Counting costs more than finding
    the best."""

    words: tuple[Word, ...]
    key: str
    pages: Mapping[Kind, Page]
    reach: Reach = "words"
    filters: Filters = Filters()
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    id: UUID
    score: float
    part: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The best first. `total` counts all that fits, where that was asked; without, there are at least so many. `best`
    is the score of the very best, on whichever page."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    best: float = 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """What a way of fitting is worth. What is called just that stands first; then what has all the words, in its title
    or beside, without those that need not be there; then what has the last one begun. Within one way the heavier one
    is ahead, and never one of a worse way: `weight` moves things by a fifth at most.

    Where letters may be wrong each word counts as its best way, and what all are worth is added."""

    name: float = 12.0
    title: float = 5.0
    beside: float = 4.1
    beside_in_short: float = 3.4
    name_begun: float = 2.8
    title_begun: float = 2.3
    beside_begun: float = 1.9
    one_typo: float = 1.5
    two_typos: float = 1.0
    inner: float = 0.7
    beside_by_typo: float = 0.8


SCORES = Scores()


@dataclass(frozen=True, slots=True)
class Mark:
    """What an index has read: the newest change, and when it was begun. None: nothing that can be used is there."""

    begun: str
    seq: int
    counts: Mapping[Kind, int] = field(default_factory=dict)


class IndexWriter(Protocol):
    """The one who writes. Nothing is seen before `save`; whatever was saved survives the death of the process."""

    async def mark(self) -> Mark | None: ...

    async def write(self, put: Sequence[Document], gone: Sequence[UUID] = ()) -> None:
        """`put` replaces what has the same id."""

    async def save(self, seq: int) -> None: ...

    async def remains(self, kinds: Sequence[Kind]) -> bool:
        """Whether words of such things that were replaced or taken out still lie in the files that were saved."""

    async def anew(self, begun: str) -> IndexWriter:
        """An empty index beside this one, which nobody asks yet."""

    async def replace(self, fresh: IndexWriter) -> None:
        """From here on the fresh one (saved) is asked, and written by this writer; the old one goes."""

    async def close(self) -> None: ...


class SearchIndex(Protocol):
    async def find(self, ask: Ask) -> Mapping[Kind, Found]:
        """For every kind of `ask.pages`."""

    async def facets(self, ask: Ask, kind: Kind, names: Sequence[str]) -> Mapping[str, Sequence[tuple[str, int]]]:
        """How many of all that fits are of each value, the most first; at most 100 values of each facet."""

    async def known(self, words: Sequence[str]) -> set[str]:
        """Those that something, of any kind, has as a word of its own or beside."""

    def begun(self) -> str | None:
        """Which index is asked now: another word after it was replaced; None before there is any."""

    def size(self) -> int:
        """Bytes that it takes."""

    def writer(self) -> IndexWriter | None:
        """None where another process is the one who writes."""

    async def close(self) -> None: ...
