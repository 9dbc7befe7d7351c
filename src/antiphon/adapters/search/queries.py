"""A question in the words of the port, as a query of Tantivy. Every score is one of the port's, none is BM25."""

from __future__ import annotations

from collections.abc import Iterator

import tantivy
from tantivy import FieldType, Occur, Query

from antiphon.domains.discovery.ports import SCORES, Ask, Filters, Kind, Word

__all__ = ["query"]

BEGUN_AT_LEAST = 2  # letters: one alone begins a tenth of all words


def query(schema: tantivy.Schema, ask: Ask, kind: Kind) -> Query:
    words = Words(schema, ask, kind)
    fits = [words.all(), *words.names()]
    parts = [(Occur.Must, _any(fits) if len(fits) > 1 else fits[0])]
    parts += [(Occur.Must, _worth(wanted, 0.0)) for wanted in _filters(schema, ask.filters)]
    return Query.boolean_query(parts) if len(parts) > 1 else parts[0][1]


class Words:
    def __init__(self, schema: tantivy.Schema, ask: Ask, kind: Kind) -> None:
        self._schema = schema
        self._ask = ask
        self._title, self._beside = f"{kind}_title", f"{kind}_beside"
        self._key, self._ends = f"{kind}_key", f"{kind}_ends"

    def all(self) -> Query:
        """Every word that has to be there, in any order."""
        asked = [(word, _best(list(self._ways(word)))) for word in self._ask.words]
        must = [fits for word, fits in asked if not word.optional]
        may = [fits for word, fits in asked if word.optional]
        if self._ask.reach == "some" and len(must) > 1:
            enough = len(must) - 1
            return Query.boolean_query([(Occur.Should, fits) for fits in must], minimum_number_should_match=enough)
        if not must:
            must, may = may, []
        if len(must) == 1 and not may:
            return must[0]
        return Query.boolean_query([*((Occur.Must, fits) for fits in must), *((Occur.Should, fits) for fits in may)])

    def names(self) -> Iterator[Query]:
        """Names that are meant as a whole, and those that begin like what was typed."""
        key = self._ask.key
        if not key or self._ask.reach == "some":
            return
        yield _worth(self._term(self._key, key), SCORES.name)
        if len(key) > 3 and self._ask.words[-1].open:
            yield _worth(self._begun(self._key, key), SCORES.name_begun)

    def _ways(self, word: Word) -> Iterator[Query]:
        for way in word.ways:
            yield _worth(self._together(self._title, way), SCORES.title)
            yield _worth(self._together(self._beside, way), SCORES.beside)
        whole = word.whole
        if not whole:
            return
        if word.open and len(whole) >= BEGUN_AT_LEAST:
            yield _worth(self._begun(self._title, whole), SCORES.title_begun)
            yield _worth(self._begun(self._beside, whole), SCORES.beside_begun)
        if self._ask.reach == "near":
            yield from self._mistyped(word)
            yield _worth(self._begun(self._ends, whole), SCORES.inner)

    def _mistyped(self, word: Word) -> Iterator[Query]:
        for wrong, score in ((1, SCORES.one_typo), (2, SCORES.two_typos)):
            if wrong <= word.typos:
                yield _worth(self._fuzzy(self._title, word.whole, wrong), score)
                yield _worth(self._fuzzy(self._beside, word.whole, wrong), score * SCORES.beside_by_typo)

    def _term(self, field: str, token: str) -> Query:
        return Query.term_query(self._schema, field, token, "basic")

    def _together(self, field: str, tokens: tuple[str, ...]) -> Query:
        if len(tokens) == 1:
            return self._term(field, tokens[0])
        return Query.boolean_query([(Occur.Must, self._term(field, token)) for token in tokens])

    def _begun(self, field: str, start: str) -> Query:
        return Query.fuzzy_term_query(self._schema, field, start, 0, True, True)

    def _fuzzy(self, field: str, word: str, wrong: int) -> Query:
        return Query.fuzzy_term_query(self._schema, field, word, wrong, True, False)


def _worth(fits: Query, score: float) -> Query:
    return Query.const_score_query(fits, score)


def _best(ways: list[Query]) -> Query:
    return ways[0] if len(ways) == 1 else Query.disjunction_max_query(ways)


def _any(fits: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, one) for one in fits])


def _filters(schema: tantivy.Schema, wanted: Filters) -> Iterator[Query]:
    if wanted.libraries is not None:
        yield Query.term_set_query(schema, "library", list(wanted.libraries))
    exact = {"genre": wanted.genre, "mood": wanted.mood, "musical_key": wanted.key, "format": wanted.format}
    for field, value in exact.items():
        if value is not None:
            yield Query.term_query(schema, field, value, "basic")
    ranges = {"year": wanted.year, "bpm": wanted.bpm, "duration_s": wanted.duration_s}
    for field, ends in ranges.items():
        if ends is not None:
            yield Query.range_query(schema, field, FieldType.Unsigned, ends[0], ends[1])
