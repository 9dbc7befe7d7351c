"""The sentences of `wording.py` in the languages people read, from the PO files beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

__all__ = ["FOLDER", "LANGUAGES", "language_of", "translations"]

FOLDER = Path(__file__).parent / "locales"
LANGUAGES = ("en", "es", "fr", "de", "ja", "ar", "he")


def language_of(wanted: str) -> str:
    """The one of ours that is meant by a language tag such as `de-AT`; English where we do not speak it."""
    code = wanted.replace("_", "-").partition("-")[0].lower()
    code = "he" if code == "iw" else code
    return code if code in LANGUAGES else LANGUAGES[0]


@lru_cache
def translations(language: str) -> Mapping[str, str]:
    """English sentence → the same in `language`, those that are translated."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}
