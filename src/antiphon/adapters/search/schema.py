"""How documents lie in Tantivy. Kinds share their fields, and a token begins with the letters of its kind: so no search
walks over another kind's, and a document pays for six texts rather than for forty."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from uuid import UUID

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


def stored(document: Document) -> tantivy.Document:
    made, letters = tantivy.Document(), LETTERS[document.kind]
    title, beside = document.title, document.beside
    starts = [start for word in title for start in _starts(word)]
    for name, tokens in (
        ("title", title),
        ("any", (*title, *beside)),
        ("key", document.keys),
        ("ends", document.endings),
        ("title_starts", (*starts, *_firsts(document.keys))),
        ("any_starts", (*starts, *(start for word in beside for start in _starts(word)))),
    ):
        if tokens:
            made.add_text(name, letters + f" {letters}".join(tokens))
    made.add_unsigned("high", document.id.int >> 64)
    made.add_unsigned("low", low(document.id))
    made.add_unsigned("kind", KINDS.index(document.kind))
    if document.part:
        made.add_unsigned("part", document.part)
    made.add_float("weight", _for_logarithm(document.weight))
    for library in document.libraries:
        made.add_unsigned("library", library)
    for name, values in (("genre", document.genres), ("mood", document.moods)):
        for value in values:
            made.add_text(name, value)
    for name, word in (("musical_key", document.key), ("format", document.format)):
        if word:
            made.add_text(name, word)
    for name, number in (("year", document.year), ("bpm", document.bpm), ("duration_s", document.duration_s)):
        if number is not None and number >= 0:
            made.add_unsigned(name, number)
    return made


@lru_cache(1 << 17)
def _starts(word: str) -> tuple[str, ...]:
    return tuple(word[:letters] for letters in STARTS if len(word) > letters)


def _firsts(keys: Iterable[str]) -> list[str]:
    """Marked, as they are not beginnings of words."""
    shortest, longest = FIRST
    return [f"^{key[:letters]}" for key in keys for letters in range(shortest, min(longest, len(key) - 1) + 1)]


def _for_logarithm(weight: float) -> float:
    """Tantivy multiplies a score by log2(2 + what is stored)."""
    return max(1, round((math.exp2(max(1.0, weight)) - 2) * _STEPS)) / _STEPS


def weight_of(found: float) -> float:
    return math.log2(2 + found)
