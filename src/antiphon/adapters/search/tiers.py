"""Ways of fitting, the best first: what fits better stands before what fits worse, whatever else is known of both.

Each is looked through by weight alone, which costs a tenth of scores, and only where those before left the page short.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from tantivy import Query

from antiphon.adapters.search.queries import Words, all_of, any_of
from antiphon.domains.discovery.ports import SCORES, Word

__all__ = ["everything", "tiers"]


def tiers(words: Words) -> Iterator[tuple[float, Query]]:
    """Those that something may fit, with what they are worth."""
    if words.ask.reach == "some":
        yield from ((SCORES.beside, fits) for fits in _one_missing(words))
        return
    for score, fits in chain(_whole(words), _begun(words)):
        if fits is not None:
            yield score, fits


def everything(words: Words) -> Query | None:
    """All that fits in any of the ways."""
    if words.ask.reach == "some":
        return any_of([*_one_missing(words)])
    must, _ = _needed(words.ask.words)
    return any_of(
        [
            words.named(),
            all_of([words.whole("any", word) for word in must]),
            all_of(_with_last_begun(words, must, "any")),
        ]
    )


def _whole(words: Words) -> Iterator[tuple[float, Query | None]]:
    must, may = _needed(words.ask.words)
    yield SCORES.name, words.named()
    yield SCORES.title, all_of([words.whole("title", word) for word in (*must, *may)])
    yield SCORES.beside, all_of([words.whole("any", word) for word in (*must, *may)])
    if may:
        yield SCORES.beside_in_short, all_of([words.whole("any", word) for word in must])


def _begun(words: Words) -> Iterator[tuple[float, Query | None]]:
    must, _ = _needed(words.ask.words)
    in_title = all_of(_with_last_begun(words, must, "title"))
    if in_title is not None:
        yield SCORES.name_begun, all_of([words.name_begun(), in_title])
        yield SCORES.title_begun, in_title
    yield SCORES.beside_begun, all_of(_with_last_begun(words, must, "any"))


def _with_last_begun(words: Words, must: Sequence[Word], field: str) -> list[Query | None]:
    """An optional word at the end, which may be the beginning of another, has to be there."""
    *others, last = must
    return [*(words.whole("any", word) for word in others), words.begun(field, last)]


def _one_missing(words: Words) -> Iterator[Query]:
    must, _ = _needed(words.ask.words)
    found = [any_of([words.whole("any", word), words.begun("any", word)]) for word in must]
    for missing in reversed(range(len(found))):
        fits = all_of([*found[:missing], *found[missing + 1 :]])
        if fits is not None:
            yield fits


def _needed(words: Sequence[Word]) -> tuple[Sequence[Word], Sequence[Word]]:
    """What has to be there, and what need not."""
    must = [word for word in words if not word.optional]
    return (must, [word for word in words if word.optional]) if must else (words, [])
