"""TTML as music services write it: lines as `p`, words as `span`, agents, translations and transliterations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from antiphon.domains.catalog.lyrics_formats.lrc import tidy
from antiphon.domains.catalog.model_lyrics import (
    LONGEST_TEXT,
    Agent,
    AgentRole,
    Line,
    LyricsDocument,
    LyricsKind,
    LyricsText,
    Word,
)
from antiphon.domains.catalog.text_files import for_xml, read_xml

__all__ = ["read", "write"]

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_CLOCK = re.compile(r"^(?:(\d{1,3}):)?(\d{1,4}):(\d{1,2})(?:\.(\d{1,9})|:(\d{1,4})(?:\.(\d{1,3}))?)?$")
_COUNT = re.compile(r"^(\d{1,12}(?:\.\d{1,9})?)(h|ms|m|s|f|t)$")
_LANGUAGE = re.compile(r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$")
_LAST = 86_400_000
_ROLES = {"person": "voice", "group": "group", "other": "voice", "character": "voice"}


@dataclass(frozen=True, slots=True)
class _Rates:
    frames: float
    subframes: float
    ticks: float


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribute(element: Element, name: str) -> str:
    """By its local name, whatever the prefix stands for: files differ."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _number(text: str, otherwise: float) -> float:
    try:
        found = float(text[:12])
    except ValueError:
        return otherwise
    return found if 0 < found < 1e9 else otherwise


def _time(text: str, rates: _Rates) -> int | None:
    clock = _CLOCK.match(text.strip())
    if clock:
        hours, minutes, seconds, fraction, frames, subframes = clock.groups()
        found = (int(hours or 0) * 60 + int(minutes)) * 60_000 + int(seconds) * 1000
        found += int(f"{fraction or '0':0<3}"[:3])
        if frames:
            found += round((int(frames) + int(subframes or 0) / rates.subframes) * 1000 / rates.frames)
        return min(_LAST, found)
    count = _COUNT.match(text.strip()) or _COUNT.match(f"{text.strip()}s")
    if not count:
        return None
    unit = {"h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1, "f": 1000 / rates.frames, "t": 1000 / rates.ticks}
    return min(_LAST, round(float(count[1]) * unit[count[2]]))


def _language(text: str) -> str:
    return text.lower() if _LANGUAGE.match(text) else "und"


def read(data: bytes) -> list[LyricsText]:
    """A text for each language, and for each translation and pronunciation. Raises BadFile."""
    root = read_xml(data)
    frames = _number(_attribute(root, "frameRate"), 30)
    rates = _Rates(frames, _number(_attribute(root, "subFrameRate"), 1), _number(_attribute(root, "tickRate"), frames))
    agents = [_agent(element) for element in root.iter() if _local(element) == "agent" and element.get(_ID)]
    lines: dict[str, list[Line]] = {}
    by_key: dict[str, Line] = {}
    body = next((element for element in root if _local(element) == "body"), None)
    for element, language in _paragraphs(body, root.get(_LANG, "")):
        line = _line(element, rates)
        lines.setdefault(_language(language), []).append(line)
        by_key[_attribute(element, "key")] = line
    texts = [LyricsText(_document(found, agents[:20]), language) for language, found in lines.items()]
    return texts + _others(root, by_key, rates)


def _paragraphs(body: Element | None, language: str) -> Iterator[tuple[Element, str]]:
    if body is None:
        return
    waiting = [(body, language)]
    while waiting:
        element, inherited = waiting.pop()
        inherited = element.get(_LANG, inherited)
        if _local(element) == "p":
            yield element, inherited
        else:
            waiting.extend((child, inherited) for child in reversed(element))


def _agent(element: Element) -> Agent:
    name = next((child.text or "" for child in element if _local(child) == "name"), "")
    role = _ROLES.get(element.get("type", ""), "voice")
    return Agent(element.get(_ID, "")[:60], cast("AgentRole", role), tidy(name).strip()[:200])


def _document(lines: list[Line], agents: list[Agent]) -> LyricsDocument:
    if all(line.start_ms is not None for line in lines):
        lines = sorted(lines, key=lambda line: line.start_ms or 0)
    used = {line.agent for line in lines}
    known = [agent for agent in agents if agent.id in used]
    if known and not any(agent.role == "main" for agent in known):
        known[0] = Agent(known[0].id, "main", known[0].name)
    return LyricsDocument(lines, known)


def _line(element: Element, rates: _Rates) -> Line:
    start, end = (_time(element.get(name, ""), rates) for name in ("begin", "end"))
    pieces = [(at, until, _folded(text)) for at, until, text in _pieces(element, rates)]
    text = "".join(text for _, _, text in pieces).strip()[:LONGEST_TEXT].strip()
    if start is None:
        start = next((at for at, _, _ in pieces if at is not None), None)
    agent = _attribute(element, "agent")[:60] or None
    return Line(text, start, end if end and start is not None and end > start else None, _words(pieces, text), agent)


def _folded(text: str) -> str:
    """White space as XML's readers show it: a run of it is one space."""
    return re.sub(r"\s+", " ", tidy(text))


def _pieces(element: Element, rates: _Rates) -> Iterator[tuple[int | None, int | None, str]]:
    """Text with the times of the innermost span around it that has any."""
    yield None, None, element.text or ""
    waiting = [(child, None, None) for child in reversed(element)]
    todo: list[tuple[Element | str, int | None, int | None]] = list(waiting)
    while todo:
        item, start, end = todo.pop()
        if isinstance(item, str):
            yield start, end, item
            continue
        began = _time(item.get("begin", ""), rates)
        inner = (began, _time(item.get("end", ""), rates)) if began is not None else (start, end)
        todo.append((item.tail or "", start, end))
        todo.extend((child, *inner) for child in reversed(item))
        yield (*inner, " " if _local(item) == "br" else item.text or "")


def _words(pieces: list[tuple[int | None, int | None, str]], text: str) -> list[Word]:
    """None where a part of the text has no time, or the times go backwards: then the line is all that is known."""
    words: list[Word] = []
    for start, end, said in pieces:
        if start is None or not said.strip():
            if said.strip():
                return []
            if words and said and not words[-1].text.endswith(" "):
                words[-1] = Word(words[-1].text + " ", words[-1].start_ms, words[-1].end_ms)
            continue
        if words and (start < words[-1].start_ms):
            return []
        words.append(Word(said if words else said.lstrip(), start, end if end is not None and end >= start else None))
    if words:
        words[-1] = Word(words[-1].text.rstrip(), words[-1].start_ms, words[-1].end_ms)
    whole = "".join(word.text for word in words)
    return words if whole == text and len(words) <= 500 else []


def _others(root: Element, lines: dict[str, Line], rates: _Rates) -> list[LyricsText]:
    """Translations and transliterations, whose lines are told by the keys of those they belong to."""
    kinds: dict[str, LyricsKind] = {"translation": "translation", "transliteration": "pronunciation"}
    found = []
    for element in root.iter():
        kind = kinds.get(_local(element))
        if kind is None:
            continue
        said = []
        for child in element:
            of = lines.get(_attribute(child, "for"))
            if _local(child) == "text" and of is not None:
                line = _line(child, rates)
                start = of.start_ms if of.start_ms is not None else line.start_ms
                said.append(Line(line.text, start, of.end_ms, line.words, of.agent))
        if said:
            found.append(LyricsText(_document(said, []), _language(element.get(_LANG, "")), kind))
    return found


def _stamp(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"


def _timing(start: int | None, end: int | None) -> str:
    given = [("begin", start), ("end", end)]
    return "".join(f' {name}="{_stamp(value)}"' for name, value in given if value is not None)


def _plain(text: str) -> str:
    return escape(for_xml(text))


def write(lyrics: LyricsText) -> str:
    """What XML cannot carry of a text is left out."""
    document = lyrics.document
    language = f" xml:lang={quoteattr(lyrics.language)}" if lyrics.language != "und" else ""
    types = {"group": "group"}
    agents = "".join(
        f'<ttm:agent xml:id={quoteattr(for_xml(agent.id))} type="{types.get(agent.role, "person")}">'
        f'<ttm:name type="full">{_plain(agent.name)}</ttm:name></ttm:agent>'
        for agent in document.agents
    )
    head = f"<head><metadata>{agents}</metadata></head>" if agents else ""
    lines = "\n".join(_paragraph(line) for line in document.lines)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml" '
        f'xmlns:ttm="http://www.w3.org/ns/ttml#metadata"{language}>{head}<body><div>\n{lines}\n</div></body></tt>\n'
    )


def _paragraph(line: Line) -> str:
    agent = f" ttm:agent={quoteattr(for_xml(line.agent))}" if line.agent else ""
    said = "".join(
        f"<span{_timing(word.start_ms, word.end_ms)}>{_plain(word.text)}</span>" for word in line.words
    ) or _plain(line.text)
    return f"<p{_timing(line.start_ms, line.end_ms)}{agent}>{said}</p>"
