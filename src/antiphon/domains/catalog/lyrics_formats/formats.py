"""Which format a file has, and who reads it."""

from __future__ import annotations

import re
from typing import get_args

import msgspec

from antiphon.domains.catalog.lyrics_formats import lrc, srt, ttml
from antiphon.domains.catalog.model_lyrics import (
    LONGEST_TEXT,
    MOST_LINES,
    Line,
    LyricsDocument,
    LyricsFormat,
    LyricsText,
)
from antiphon.domains.catalog.text_files import BadFile, decoded

__all__ = ["FORMATS", "read_lyrics", "write_lyrics"]

FORMATS: tuple[LyricsFormat, ...] = get_args(LyricsFormat)
_TIMES = re.compile(r"\d\d?:\d\d:\d\d[,.]\d{1,3}\s*-->")
_STAMPED = re.compile(r"^\s*\[\d+:\d", re.MULTILINE)
_XML = re.compile(r"<\?xml|<!doctype|<(\w+:)?tt[\s>/]", re.IGNORECASE)
_WORD = re.compile(r"<\d+:\d\d(?:[.:]\d+)?>")


def read_lyrics(data: bytes) -> tuple[LyricsFormat, list[LyricsText]]:
    """The format, found by what is in the file, and one text for each language and kind. Raises BadFile."""
    text = decoded(data)
    start = text.lstrip()[:1000]
    found: list[LyricsText]
    kind: LyricsFormat
    if _XML.match(start):
        kind, found = "ttml", ttml.read(data)
    elif _TIMES.search(start):
        kind, found = "srt", [srt.read(text)]
    elif _STAMPED.search(text):
        kind, found = ("elrc" if _WORD.search(text) else "lrc"), [lrc.read(text)]
    else:
        kind, found = "plain", [LyricsText(_plain(text))]
    found = [one for one in found if one.document.lines]
    if not found:
        raise BadFile("There are no lyrics in this file.")
    if any(len(one.document.lines) > MOST_LINES for one in found):
        raise BadFile(f"Lyrics have {MOST_LINES} lines at the most.")
    return kind, found


def _plain(text: str) -> LyricsDocument:
    lines = [lrc.tidy(line)[:LONGEST_TEXT].strip() for line in text.strip().split("\n")]
    return LyricsDocument([Line(line) for line in lines] if any(lines) else [])


def write_lyrics(lyrics: LyricsText, kind: LyricsFormat) -> str:
    """Formats with times cannot say lines without: those are left out, except in plain text and LRC."""
    document = lyrics.document
    if kind == "plain":
        return "".join(f"{line.text}\n" for line in document.lines)
    if kind == "srt":
        return srt.write(document)
    if kind == "ttml":
        return ttml.write(lyrics)
    if kind == "lrc":
        lines = [msgspec.structs.replace(line, words=[]) for line in document.lines]
        document = msgspec.structs.replace(document, lines=lines)
    return lrc.write(msgspec.structs.replace(lyrics, document=document))
