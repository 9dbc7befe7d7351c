"""SubRip: numbered blocks with a beginning and an end."""

from __future__ import annotations

import html
import re

from antiphon.domains.catalog.lyrics_formats.lrc import tidy
from antiphon.domains.catalog.model_lyrics import LONGEST_TEXT, Line, LyricsDocument, LyricsText

__all__ = ["read", "write"]

_TIME = r"(\d{1,3}):(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
_TIMES = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}")
_MARKUP = re.compile(r"</?(?:b|i|u|s|font)\b[^<>]*>|\{\\an?\d+\}", re.IGNORECASE)
_LAST = 86_400_000
LAST_LINE_MS = 5_000  # a line without an end before the next is shown this long, where it is the last


def _milliseconds(hours: str, minutes: str, seconds: str, fraction: str) -> int:
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return min(_LAST, whole * 1000 + int(f"{fraction:0<3}"))


def read(text: str) -> LyricsText:
    """Lines of one block become one line: in lyrics they are broken for want of room."""
    blocks: list[tuple[int, int, list[str]]] = []
    rows = text.split("\n")
    for index, row in enumerate(rows):
        match = _TIMES.match(row)
        if match:
            groups = match.groups()
            blocks.append((_milliseconds(*groups[:4]), _milliseconds(*groups[4:]), []))
        elif blocks and not _is_number(rows, index):
            blocks[-1][2].append(html.unescape(_MARKUP.sub("", row)))
    lines = []
    for start, end, words in sorted(blocks, key=lambda block: block[0]):
        said = " ".join(tidy(" ".join(words)).split())[:LONGEST_TEXT].strip()
        lines.append(Line(said, start, end if end > start else None))
    return LyricsText(LyricsDocument(lines))


def _is_number(rows: list[str], index: int) -> bool:
    """The number of a block: what stands alone before its times."""
    return rows[index].strip().isdigit() and index + 1 < len(rows) and bool(_TIMES.match(rows[index + 1]))


def _stamp(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{thousandths:03}"


def write(document: LyricsDocument) -> str:
    timed = [line for line in document.lines if line.start_ms is not None]
    blocks = []
    for index, line in enumerate(timed):
        start = line.start_ms or 0
        following = timed[index + 1].start_ms if index + 1 < len(timed) else None
        end = line.end_ms or (following if following is not None and following > start else start + LAST_LINE_MS)
        text = html.escape(line.text, quote=False)
        blocks.append(f"{index + 1}\n{_stamp(start)} --> {_stamp(min(end, _LAST))}\n{text}\n")
    return "\n".join(blocks)
