"""Words of the port as queries of Tantivy, and what has to be looked for with wrong letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import tantivy
from tantivy import FieldType, Occur, Query

from antiphon.adapters.search.schema import FIRST, LETTERS, STARTS
from antiphon.domains.discovery.ports import KINDS, SCORES, Ask, Filters, Kind, Word

__all__ = ["Words", "all_of", "any_of", "every", "filters_of", "known", "narrowed"]

LONGER = 40  # words that are asked for one by one


class Words:
    """Of one kind. What no document has is None rather than a query: most words of a search are in few kinds."""

    def __init__(
        self, schema: tantivy.Schema, searcher: tantivy.Searcher, ask: Ask, kind: Kind, filters: list[Query]
    ) -> None:
        self.ask = ask
        self._schema = schema
        self._searcher = searcher
        self._kind = kind
        self._letters = LETTERS[kind]
        self.filters = filters

    def whole(self, field: str, word: Word) -> Query | None:
        """Any of the ways that the word may be written."""
        return any_of([made for way in word.ways if (made := all_of(self._term(field, one) for one in way))])

    def begun(self, field: str, word: Word) -> Query | None:
        """Longer words that begin with it."""
        start = word.whole
        if not word.open:
            return None
        if len(start) in STARTS:
            return self._term(f"{field}_starts", start)
        return self._longer(field, self._letters + start)

    def _longer(self, field: str, start: str) -> Query | None:
        """The words are looked up first: most have no longer ones, and a few are cheaper one by one."""
        found = self._searcher.terms_with_prefix(field, start, limit=LONGER + 1)
        if len(found) > LONGER:
            return Query.fuzzy_term_query(self._schema, field, start, 0, True, True)
        return any_of([Query.term_query(self._schema, field, term, "basic") for term, _ in found if term != start])

    def named(self) -> Query | None:
        """What is called just that."""
        return self._term("key", self.ask.key) if self.ask.key else None

    def name_begun(self) -> Query | None:
        """What is called something that begins like it."""
        shortest, longest = FIRST
        key = self.ask.key[:longest]
        return self._term("title_starts", f"^{key}") if self.ask.words[-1].open and len(key) >= shortest else None

    def near(self) -> Query | None:
        """With wrong letters, or inside of longer words, each way of fitting with its score."""
        name = _with(self.named(), SCORES.name)
        fits = self._nearly_all()
        return any_of([*name, *([] if fits is None else [fits])])

    def _nearly_all(self) -> Query | None:
        asked = [word for word in self.ask.words if not word.optional] or self.ask.words
        must = known(self._nearly(word) for word in asked)
        if must is None:
            return None
        may = [fits for word in self.ask.words if word not in asked and (fits := self._nearly(word)) is not None]
        of_kind = _worth(Query.term_query(self._schema, "kind", KINDS.index(self._kind), "basic"), 0.0)
        return Query.boolean_query(
            [(Occur.Must, of_kind), *((Occur.Must, one) for one in must), *((Occur.Should, one) for one in may)]
        )

    def _nearly(self, word: Word) -> Query | None:
        """None where no way is open: a short word may not be mistyped."""
        ways: list[Query] = []
        for field, whole, begun, share in (
            ("title", SCORES.title, SCORES.title_begun, 1.0),
            ("any", SCORES.beside, SCORES.beside_begun, SCORES.beside_by_typo),
        ):
            ways += _with(self.whole(field, word), whole)
            ways += _with(self.begun(field, word), begun)
            for wrong, score in ((1, SCORES.one_typo), (2, SCORES.two_typos)):
                if wrong <= word.typos:
                    ways.append(_worth(self._fuzzy(field, word.whole, wrong), score * share))
        if word.inner:
            ends = any_of([self._term("ends", word.whole), self._longer("ends", self._letters + word.whole)])
            ways += _with(ends, SCORES.inner)
        return Query.disjunction_max_query(ways) if ways else None

    def _term(self, field: str, token: str) -> Query | None:
        lettered = self._letters + token
        if not self._searcher.doc_freq(field, lettered):
            return None
        return Query.term_query(self._schema, field, lettered, "basic")

    def _fuzzy(self, field: str, word: str, wrong: int) -> Query:
        return Query.fuzzy_term_query(self._schema, field, self._letters + word, wrong, True, False)


def known(queries: Iterable[Query | None]) -> list[Query] | None:
    """None where one of them is; those after it are not even made."""
    found: list[Query] = []
    for one in queries:
        if one is None:
            return None
        found.append(one)
    return found


def every(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, one) for one in queries])


def all_of(queries: Iterable[Query | None]) -> Query | None:
    """None where one of them is, or there are none."""
    found = known(queries)
    return every(found) if found else None


def any_of(queries: list[Query | None]) -> Query | None:
    known = [one for one in queries if one is not None]
    if len(known) < 2:
        return known[0] if known else None
    return Query.boolean_query([(Occur.Should, one) for one in known])


def narrowed(fits: Query, filters: list[Query]) -> Query:
    if not filters:
        return fits
    return Query.boolean_query([(Occur.Must, fits), *((Occur.Must, _worth(one, 0.0)) for one in filters)])


def filters_of(schema: tantivy.Schema, wanted: Filters) -> list[Query]:
    return list(_filters(schema, wanted))


def _filters(schema: tantivy.Schema, wanted: Filters) -> Iterator[Query]:
    if wanted.libraries is not None:  # by their lists: a set of terms would be gathered anew over all documents
        numbers = [Query.term_query(schema, "library", number, "basic") for number in wanted.libraries]
        yield any_of([*numbers]) or Query.empty_query()
    exact = {"genre": wanted.genre, "mood": wanted.mood, "musical_key": wanted.key, "format": wanted.format}
    for field, value in exact.items():
        if value is not None:
            yield Query.term_query(schema, field, value, "basic")
    ranges = {"year": wanted.year, "bpm": wanted.bpm, "duration_s": wanted.duration_s}
    for field, ends in ranges.items():
        if ends is not None:
            yield Query.range_query(schema, field, FieldType.Unsigned, ends[0], ends[1])


def _with(fits: Query | None, score: float) -> list[Query]:
    return [] if fits is None else [_worth(fits, score)]


def _worth(fits: Query, score: float) -> Query:
    return Query.const_score_query(fits, score)
