"""LRC, and its enhanced kind with times of words: `[00:12.34]<00:12.34>So <00:12.60>far`."""

from __future__ import annotations

import re
import unicodedata

from antiphon.domains.catalog.model_lyrics import LONGEST_TEXT, Line, LyricsDocument, LyricsText, Word

__all__ = ["read", "tidy", "write"]

_STAMP = re.compile(r"\[(\d{1,4}):(\d{1,2})(?:[.:](\d{1,9}))?\]\s*?")
_TAG = re.compile(r"^\[([a-zA-Z#]{1,20}):([^\]]*)\]\s*$")
_WORD = re.compile(r"<(\d{1,4}):(\d{1,2})(?:[.:](\d{1,9}))?>")
_LANGUAGE = re.compile(r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$")
_LAST = 86_400_000
_MOST_STAMPS = 200  # of one line that is sung again and again


def tidy(text: str) -> str:
    """Without control characters, with plain spaces."""
    return "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs")
    )


def _milliseconds(match: re.Match[str], offset: int) -> int:
    minutes, seconds, fraction = match.groups()
    thousandths = int(f"{fraction or '0':0<3}"[:3])
    return min(_LAST, max(0, (int(minutes) * 60 + int(seconds)) * 1000 + thousandths - offset))


def read(text: str) -> LyricsText:
    """Lines without a time, in a file that has some, are notes of whoever made it, and left out."""
    tags = {m[1].lower(): m[2].strip() for line in text.split("\n") if (m := _TAG.match(line.strip()))}
    offset = _offset(tags.get("offset", ""))
    lines: list[Line] = []
    for raw in text.split("\n"):
        rest = raw.strip()
        starts: list[int] = []
        while (match := _STAMP.match(rest)) and len(starts) < _MOST_STAMPS:
            starts.append(_milliseconds(match, offset))
            rest = rest[match.end() :]
        lines += [_line(rest, start, start - starts[0], offset) for start in starts]
    lines.sort(key=lambda line: line.start_ms or 0)
    said = tags.get("lang") or tags.get("la") or "und"
    return LyricsText(LyricsDocument(lines), said.lower() if _LANGUAGE.match(said) else "und")


def _offset(text: str) -> int:
    try:
        return max(-_LAST, min(_LAST, int(text[:12])))
    except ValueError:
        return 0


def _line(rest: str, start: int, later: int, offset: int) -> Line:
    """`later`: how far behind its first time a repeated line begins; its words move with it."""
    stamps = list(_WORD.finditer(rest))
    if not stamps:
        return Line(tidy(rest).strip()[:LONGEST_TEXT], start)
    before = tidy(rest[: stamps[0].start()]).lstrip()
    pieces: list[tuple[int, str]] = [(start, before)] if before.strip() else []
    for index, match in enumerate(stamps):
        following = stamps[index + 1].start() if index + 1 < len(stamps) else len(rest)
        at = min(_LAST, max(start, _milliseconds(match, offset) + later))
        pieces.append((at, tidy(rest[match.end() : following])))
    return _of_pieces(pieces, start)


def _of_pieces(pieces: list[tuple[int, str]], start: int) -> Line:
    """A piece without a word in it only says when the one before ends."""
    words: list[Word] = []
    for at, text in pieces:
        if words and text[:1].isspace():
            words[-1] = _spaced(words[-1])
        if text.strip():
            words.append(Word(text.lstrip(), max(at, words[-1].start_ms) if words else at))
        elif words and words[-1].end_ms is None and at >= words[-1].start_ms:
            words[-1] = Word(words[-1].text, words[-1].start_ms, at)
    if not words:
        return Line("", start)
    words[-1] = Word(words[-1].text.rstrip(), words[-1].start_ms, words[-1].end_ms)
    whole = "".join(word.text for word in words)
    if len(whole) > LONGEST_TEXT or len(words) > 500:
        return Line(whole[:LONGEST_TEXT].strip(), start)
    return Line(whole, start, words=words)


def _spaced(word: Word) -> Word:
    """White space belongs behind a word, not before the next."""
    return word if word.text.endswith(" ") else Word(f"{word.text} ", word.start_ms, word.end_ms)


def _stamp(milliseconds: int) -> str:
    """Hundredths, as everybody reads them; thousandths where they are needed."""
    minutes, rest = divmod(milliseconds, 60_000)
    seconds, thousandths = divmod(rest, 1000)
    fraction = f"{thousandths:03}" if thousandths % 10 else f"{thousandths // 10:02}"
    return f"{minutes:02}:{seconds:02}.{fraction}"


def write(lyrics: LyricsText) -> str:
    """Lines without a time stand without one: what is not synced comes out as plain text."""
    head = f"[lang:{lyrics.language}]\n" if lyrics.language != "und" and lyrics.document.synced else ""
    return head + "".join(f"{_written(line)}\n" for line in lyrics.document.lines)


def _written(line: Line) -> str:
    if line.start_ms is None:
        return line.text
    text = "".join(map(_written_word, line.words)) or line.text
    return f"[{_stamp(line.start_ms)}]{text}"


def _written_word(word: Word) -> str:
    """Its end stands before the white space, where the next word's beginning does not say it."""
    if word.end_ms is None:
        return f"<{_stamp(word.start_ms)}>{word.text}"
    bare = word.text.rstrip()
    return f"<{_stamp(word.start_ms)}>{bare}<{_stamp(word.end_ms)}>{word.text[len(bare) :]}"
