"""How documents lie in Tantivy. Kinds share their fields, and a token begins with the letters of its kind: so no search
walks over another kind's, and a document pays for six texts rather than for forty."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from uuid import UUID

import msgspec
import tantivy

from antiphon.domains.discovery.ports import KINDS, Document, Kind

__all__ = ["FACET_FIELDS", "FIRST", "LAYOUT", "LETTERS", "STARTS", "low", "schema", "stored", "uuid_of", "weight_of"]

LAYOUT = 4  # counted up with every change here or in what documents are made of: an older index is made anew
FACET_FIELDS = {
    "genre": "genre",
    "year": "year",
    "mood": "mood",
    "bpm": "bpm",
    "key": "musical_key",
    "duration": "duration_s",
    "format": "format",
}
# Three of them, so that no two wrong letters lead from one kind to another.
LETTERS: Mapping[Kind, str] = {kind: letter * 3 for kind, letter in zip(KINDS, "abtpuy", strict=True)}
# `any` are the words of the title and those beside; the others say what a word begins with, and how it ends.
_TEXTS = ("title", "any", "key", "ends", "title_starts", "any_starts")
STARTS = (1, 2, 3, 4)  # letters of a word that are a token of their own: longer beginnings are few, and looked up
FIRST = (2, 6)  # the same of a whole name, from so many letters to so many
_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}
_encoder = msgspec.json.Encoder()
_HALF = (1 << 64) - 1
_STEPS = 4096  # of a weight: eight bytes of it would be as much as all its words


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for text in _TEXTS:
        builder.add_text_field(text, tokenizer_name="whitespace", index_option="basic")
    builder.add_unsigned_field("high", fast=True)
    builder.add_unsigned_field("low", fast=True, indexed=True)
    builder.add_unsigned_field("kind", fast=True, indexed=True)
    builder.add_unsigned_field("part", fast=True)
    builder.add_float_field("weight", fast=True)
    builder.add_unsigned_field("library", indexed=True)
    for name in ("genre", "mood", "musical_key", "format"):
        builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
    for name in ("year", "bpm", "duration_s"):
        builder.add_unsigned_field(name, fast=True)
    return builder.build()


def low(of: UUID) -> int:
    """The half of a UUIDv7 that is drawn by lot; it stands for the whole where documents are removed."""
    return of.int & _HALF


def uuid_of(high: int, low_half: int) -> UUID:
    return UUID(int=high << 64 | low_half)


class _Stored(msgspec.Struct, omit_defaults=True, gc=False):
    """As Tantivy reads it; texts are tokens with spaces between."""

    high: int
    low: int
    kind: int
    weight: float
    title: str
    any: str
    key: str
    ends: str
    title_starts: str
    any_starts: str
    library: tuple[int, ...]
    part: int = 0
    genre: tuple[str, ...] = ()
    mood: tuple[str, ...] = ()
    musical_key: str | None = None
    format: str | None = None
    year: int | None = None
    bpm: int | None = None
    duration_s: int | None = None


def stored(document: Document) -> str:
    """As JSON, which Tantivy reads faster than it is told field by field."""
    letters, number = LETTERS[document.kind], document.id.int
    title, beside = _text(letters, document.title), _text(letters, document.beside)
    starts = _starts_of[document.kind]
    title_starts, beside_starts = " ".join(map(starts, document.title)), " ".join(map(starts, document.beside))
    made = _Stored(
        high=number >> 64,
        low=number & _HALF,
        kind=_NUMBERS[document.kind],
        weight=_for_logarithm(document.weight),
        title=title,
        any=f"{title} {beside}",
        key=_text(letters, document.keys),
        ends=_text(letters, document.endings),
        title_starts=f"{title_starts} {_text(letters, _firsts(document.keys))}",
        any_starts=f"{title_starts} {beside_starts}",
        library=document.libraries,
        part=document.part,
        genre=document.genres,
        mood=document.moods,
        musical_key=document.key or None,
        format=document.format or None,
        year=_natural(document.year),
        bpm=_natural(document.bpm),
        duration_s=_natural(document.duration_s),
    )
    return _encoder.encode(made).decode()


def _text(letters: str, tokens: Sequence[str]) -> str:
    return letters + f" {letters}".join(tokens) if tokens else ""


def _natural(number: int | None) -> int | None:
    return number if number is not None and number >= 0 else None


def _starts(letters: str, word: str) -> str:
    return _text(letters, [word[:many] for many in STARTS if len(word) > many])


# Names repeat their words.
_starts_of = {kind: lru_cache(1 << 16)(partial(_starts, letters)) for kind, letters in LETTERS.items()}


def _firsts(keys: Sequence[str]) -> list[str]:
    """Marked, as they are not beginnings of words."""
    shortest, longest = FIRST
    return [f"^{key[:letters]}" for key in keys for letters in range(shortest, min(longest, len(key) - 1) + 1)]


def _for_logarithm(weight: float) -> float:
    """Tantivy multiplies a score by log2(2 + what is stored)."""
    return max(1, round((math.exp2(max(1.0, weight)) - 2) * _STEPS)) / _STEPS


def weight_of(found: float) -> float:
    return math.log2(2 + found)
