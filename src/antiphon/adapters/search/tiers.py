"""Ways of fitting, the best first: what fits better stands before what fits worse, whatever else is known of both.

Each is looked through by weight alone, which costs a tenth of scores, and only where those before left the page short.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tantivy import Query

from antiphon.adapters.search.queries import Words, all_of, any_of, every, known
from antiphon.domains.discovery.ports import SCORES, Word

__all__ = ["everything", "tiers"]


def tiers(words: Words) -> Iterator[tuple[float, Query]]:
    """Those that something may fit, with what they are worth."""
    if words.ask.reach == "some":
        yield from ((SCORES.beside, fits) for fits in _one_missing(words))
        return
    named = words.named()
    if named is not None:
        yield SCORES.name, named
    must, may = _needed(words.ask.words)
    others = known(words.whole("any", word) for word in must[:-1])
    if others is not None:
        yield from _whole(words, others, must, may)
        yield from _begun(words, others, must[-1])


def everything(words: Words) -> Query | None:
    """All that fits in any of the ways."""
    if words.ask.reach == "some":
        return any_of([*_one_missing(words)])
    must, _ = _needed(words.ask.words)
    return any_of(
        [
            words.named(),
            all_of(words.whole("any", word) for word in must),
            all_of([*(words.whole("any", word) for word in must[:-1]), words.begun("any", must[-1])]),
        ]
    )


def _whole(
    words: Words, others: list[Query], must: Sequence[Word], may: Sequence[Word]
) -> Iterator[tuple[float, Query]]:
    """`others` are all that have to be there but the last: what no word beside has, no title has either."""
    last = words.whole("any", must[-1])
    if last is None:
        return
    title = all_of(words.whole("title", word) for word in (*must, *may))
    if title is not None:
        yield SCORES.title, title
    beside = all_of([*others, last, *(words.whole("any", word) for word in may)])
    if beside is not None:
        yield SCORES.beside, beside
    if may:
        yield SCORES.beside_in_short, every([*others, last])


def _begun(words: Words, others: list[Query], last: Word) -> Iterator[tuple[float, Query]]:
    """An optional word at the end, which may be the beginning of another, has to be there."""
    begun = words.begun("any", last)
    if begun is None:
        return
    title = words.begun("title", last)
    if title is not None:
        in_title = every([*others, title])
        name = words.name_begun()
        if name is not None:
            yield SCORES.name_begun, every([name, in_title])
        yield SCORES.title_begun, in_title
    yield SCORES.beside_begun, every([*others, begun])


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
