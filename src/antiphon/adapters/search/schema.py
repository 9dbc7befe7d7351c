"""How documents lie in Tantivy: each kind has text fields of its own, so that no search walks over another kind's."""

from __future__ import annotations

import math
from uuid import UUID

import tantivy

from antiphon.domains.discovery.ports import KINDS, Document, Kind

__all__ = ["FACET_FIELDS", "LAYOUT", "low", "schema", "stored", "uuid_of"]

LAYOUT = 2  # counted up with every change here or in what documents are made of: an older index is made anew
FACET_FIELDS = {
    "genre": "genre",
    "year": "year",
    "mood": "mood",
    "bpm": "bpm",
    "key": "musical_key",
    "duration": "duration_s",
    "format": "format",
}
_TEXTS = ("title", "beside", "key", "ends")
_HALF = (1 << 64) - 1


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for kind in KINDS:
        for text in _TEXTS:
            builder.add_text_field(f"{kind}_{text}", tokenizer_name="whitespace", index_option="basic")
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
    made, kind = tantivy.Document(), document.kind
    texts = (document.title, document.beside, document.keys, document.endings)
    for name, tokens in zip(_TEXTS, texts, strict=True):
        if tokens:
            made.add_text(f"{kind}_{name}", " ".join(tokens))
    made.add_unsigned("high", document.id.int >> 64)
    made.add_unsigned("low", low(document.id))
    made.add_unsigned("kind", KINDS.index(kind))
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


def _for_logarithm(weight: float) -> float:
    """Tantivy multiplies a score by log2(2 + what is stored)."""
    return math.exp2(max(1.0, weight)) - 2


def field_of(kind: Kind, text: str) -> str:
    return f"{kind}_{text}"
