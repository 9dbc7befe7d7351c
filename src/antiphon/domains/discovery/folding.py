"""How a name becomes what is searched: the same rules for what is indexed and for what is asked. No I/O.

A text is cut at white space into chunks. What stands in a chunk is found by its parts (`ac`, `dc`), by all of it
without punctuation (`acdc`), as it sounds in Latin letters (`gruppa` for `группа`), and, in scripts that put no spaces
between words, by every two letters that stand beside each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, groupby, pairwise
from typing import NamedTuple

from anyascii import anyascii

__all__ = ["Chunk", "chunks", "endings", "has_inner", "is_sign", "key", "keys", "tokens", "typos"]

TOKEN_MAX = 40  # letters; longer words are cut, on both sides alike
CHUNKS_MAX = 60  # of one name
_SPOKEN = {"&": "and"}
_LOOKALIKES = str.maketrans({"!": "i", "$": "s", "@": "a", "€": "e", "¢": "c", "£": "l", "¡": "i"})
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "YI ")
# Signs that only stand between words; where a name has nothing else, they are its name.
_BETWEEN = frozenset(
    "-\u2013\u2014\u2212|/,.:;·•~_*\"'`+"
)  # alone, between words; as the whole of a name they are its name
_OPENERS = "([{<~"
_ASIDE = re.compile(r"[(\[{<~]| - ")


class Chunk(NamedTuple):
    """`ways` are alternatives: each is a set of tokens that have to be there together. `whole` is the chunk as one
    word; where it is `spaced`, people type half of it, and mistype it. A `sign` has no letter and no digit."""

    tokens: tuple[str, ...]
    ways: tuple[tuple[str, ...], ...]
    whole: str
    spaced: bool = True
    sign: bool = False


@lru_cache(1 << 14)
def chunks(text: str) -> tuple[Chunk, ...]:
    """In the order of the text; those without anything to find are left out."""
    pieces = _prepared(text).split()[:CHUNKS_MAX]
    spoken = [piece for piece in pieces if piece not in _BETWEEN] or pieces
    return tuple([chunk for chunk in map(_chunk, spoken) if chunk.tokens])


def tokens(*texts: str) -> tuple[str, ...]:
    """All that the texts are found by, each once."""
    return tuple(dict.fromkeys(chain.from_iterable(chunk.tokens for text in texts for chunk in chunks(text))))


def key(text: str) -> str:
    """All of a name without spaces and punctuation: who asks for the whole of it means this one."""
    found = chunks(text)
    spoken = [chunk.whole for chunk in found if not chunk.sign]
    return "".join(spoken or [chunk.whole for chunk in found])[:120]


def keys(text: str) -> tuple[str, ...]:
    """The key of the name, and of the name without what stands in brackets or after a dash at its end."""
    whole = key(text)
    if _ASIDE.search(text, 1) is None:  # of most names there is nothing to leave out
        return (whole,) if whole else ()
    found = [whole]
    opening = min((at for opener in _OPENERS if (at := text.find(opener)) > 0), default=len(text))
    dash = text.find(" - ")
    for end in (opening, dash):
        if 0 < end < len(text):
            found.append(key(text[:end]))
    return tuple(dict.fromkeys(one for one in found if one))


def endings(words: Iterable[str]) -> tuple[str, ...]:
    """Every ending of the long words: the beginning of one of them is an inner part of its word."""
    return tuple(chain.from_iterable(map(_endings, words)))


@lru_cache(1 << 16)
def _endings(word: str) -> tuple[str, ...]:
    shortest = 2 if _is_hangul(word) else 4
    return tuple(word[start : start + 16] for start in range(1, min(len(word) - shortest + 1, 16)))


def has_inner(part: str) -> bool:
    """Whether it says enough to be looked for inside of words."""
    return len(part) >= (2 if _is_hangul(part) else 3)


def typos(word: str) -> int:
    """How many wrong letters are forgiven in a word: a short one would be any other."""
    if len(word) < 4 or word.isdigit():
        return 0
    return 1 if len(word) < 8 else 2


def is_sign(whole: str) -> bool:
    """No letter and no digit: the whole of a name like `!!!`, or something that nobody types."""
    return not any(_class(letter) != "other" for letter in whole)


def _prepared(text: str) -> str:
    return text[:2000].lower() if text.isascii() else unicodedata.normalize("NFKC", text[:2000]).casefold()


@lru_cache(1 << 17)  # names repeat their words; a rebuild of a million tracks lives on it
def _chunk(piece: str) -> Chunk:
    if piece in _SPOKEN:
        word = _SPOKEN[piece]
        return Chunk((word,), ((word,),), word)
    if piece.isascii() and piece.isalnum():
        word = piece[:TOKEN_MAX]
        return Chunk((word,), ((word,),), word)
    parts = _parts(_folded(piece))
    if not parts:
        sign = piece[:TOKEN_MAX] if _is_visible(piece) else ""
        return Chunk((sign,), ((sign,),), sign, sign=is_sign(sign)) if sign else Chunk((), (), "")
    return _of_parts(piece, parts)


def _of_parts(piece: str, parts: list[tuple[bool, str]]) -> Chunk:
    as_parts: dict[str, None] = {}
    extra: dict[str, None] = {}
    for unspaced, part in parts:
        as_parts.update(dict.fromkeys(_pairs(part) if unspaced else [part[:TOKEN_MAX]]))
        if unspaced:
            extra.update(dict.fromkeys(part))
    joined = "".join(part for _, part in parts)[:TOKEN_MAX]
    spaced = not any(unspaced for unspaced, _ in parts)
    wholes = {joined: None} if spaced else {}
    for other in (_lookalike(piece), "" if piece.isascii() else _latin(piece)):
        if other:
            wholes[other[:TOKEN_MAX]] = None
    ways = dict.fromkeys([*((whole,) for whole in wholes), tuple(as_parts)])
    found = dict.fromkeys([*as_parts, *wholes, *extra])
    return Chunk(tuple(found), tuple(ways), joined, spaced)


def _folded(piece: str) -> str:
    """Without accents; Latin letters of any kind become ASCII, other scripts keep theirs."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", piece) if unicodedata.category(c) != "Mn")
    plain = "".join(c if c.isascii() or not _is_latin(c) else anyascii(c).lower() for c in bare)
    return unicodedata.normalize("NFC", plain.replace("\u0640", ""))  # the Arabic line that only widens a word


def _parts(folded: str) -> list[tuple[bool, str]]:
    """Runs of letters and digits, each with whether its script puts no spaces between words."""
    found = []
    for kind, run in groupby(folded, key=_class):
        if kind != "other":
            found.append((kind == "unspaced", "".join(run)))
    return found


@lru_cache(1 << 14)
def _class(letter: str) -> str:
    if not (letter.isalnum() or unicodedata.category(letter) == "Mc"):
        return "other"
    if letter.isascii():
        return "spaced"
    return "unspaced" if unicodedata.name(letter, "").startswith(_UNSPACED) else "spaced"


def _pairs(run: str) -> list[str]:
    return ["".join(pair) for pair in pairwise(run)] or [run]


def _lookalike(piece: str) -> str:
    """`p!nk` is read as `pink`; a sign at the end of a word is only a sign."""
    swapped = piece.rstrip("!?").translate(_LOOKALIKES)
    return "".join(part for _, part in _parts(_folded(swapped))) if swapped != piece.rstrip("!?") else ""


def _latin(piece: str) -> str:
    return "".join(c for c in anyascii(piece).lower() if c.isalnum())


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")


def _is_hangul(word: str) -> bool:
    return "\uac00" <= word[0] <= "\ud7a3"


def _is_visible(piece: str) -> bool:
    return any(unicodedata.category(c)[0] in "PSN" for c in piece)
