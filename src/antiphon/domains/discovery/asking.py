"""What somebody typed, as words that an index can look for. No I/O."""

from __future__ import annotations

from collections.abc import Mapping

from antiphon.domains.discovery.folding import chunks, has_inner, is_sign, key, typos
from antiphon.domains.discovery.ports import Ask, Filters, Kind, Page, Word

__all__ = ["ask_of"]

WORDS_MAX = 10
ALONE_AT_LEAST = 2  # letters: one begins a tenth of all words, and tells something only beside other words
# Left out where other words are there: people forget them, and half of all names have one.
OPTIONAL = frozenset(
    [
        "the",
        "a",
        "an",
        "and",
        "of",
        "le",
        "la",
        "les",
        "el",
        "los",
        "las",
        "der",
        "die",
        "das",
        "il",
        "lo",
        "i",
        "gli",
        "o",
        "os",
        "as",
    ]
)


def ask_of(text: str, pages: Mapping[Kind, Page], filters: Filters, *, counted: bool = False) -> Ask | None:
    """None where there is nothing to look for. The last word is still being typed, unless a space ends it."""
    found = list(dict.fromkeys(chunks(text)))[:WORDS_MAX]
    if not found:
        return None
    open_end = not text[-1:].isspace()
    words = []
    for place, chunk in enumerate(found):
        typed_now = open_end and place == len(found) - 1
        word = Word(
            ways=chunk.ways,
            whole=chunk.whole if chunk.spaced else "",
            open=typed_now and chunk.spaced and (len(found) > 1 or len(chunk.whole) >= ALONE_AT_LEAST),
            typos=typos(chunk.whole) if chunk.spaced else 0,
            inner=chunk.spaced and has_inner(chunk.whole),
            optional=(chunk.whole in OPTIONAL and not typed_now) or is_sign(chunk.whole),
        )
        words.append(word)
    return Ask(words=tuple(words), key=key(text), pages=pages, filters=filters, counted=counted)
