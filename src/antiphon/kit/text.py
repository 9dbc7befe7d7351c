"""Text as it is stored, and as it is searched."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = ["clean", "clean_lines", "search_key"]


def clean(text: str) -> str:
    """NFC, control characters out, outer and repeated white space folded."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(" " if c.isspace() else c for c in composed if c.isspace() or unicodedata.category(c) != "Cc")
    return " ".join(visible.split())


def clean_lines(text: str) -> str:
    """Text of several lines: NFC, control characters out but for tabs and line ends, which become `\\n`."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in composed if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


@lru_cache(4096)  # an import asks a dozen times a track, mostly for the artist and the album of the track before
def search_key(text: str) -> str:
    """Case, accents and compatibility forms folded: `Ünïcödé` and `unicode` meet. Other scripts keep their letters."""
    if text.isascii():  # has none of them
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
