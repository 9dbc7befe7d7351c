"""Text as it is stored, and as it is searched."""

from __future__ import annotations

import unicodedata

__all__ = ["clean", "search_key"]


def clean(text: str) -> str:
    """NFC, control characters out, outer and repeated white space folded."""
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(" " if c.isspace() else c for c in composed if c.isspace() or unicodedata.category(c) != "Cc")
    return " ".join(visible.split())


def search_key(text: str) -> str:
    """Case, accents and compatibility forms folded: `Ünïcödé` and `unicode` meet. Other scripts keep their letters."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
