"""Lyrics files of every kind: what is written is read again, and nothing that anybody sends breaks the reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.catalog.lyrics_formats import FORMATS, read_lyrics, write_lyrics
from antiphon.domains.catalog.model_lyrics import Agent, Line, LyricsDocument, LyricsFormat, LyricsText, Word
from antiphon.domains.catalog.text_files import BadFile
from antiphon.kit.text import clean
from tests.support.samples import samples_folder

SAMPLES = samples_folder()


def _sayable(text: str) -> str:
    """What every format can say: no markup of its own, nothing that XML cannot carry."""
    kept = "".join(c for c in clean(text) if c not in "[]<>{}#&\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
    return " ".join(kept.split())


def _is_text(text: str) -> bool:
    return bool(text) and not text.isdigit() and "-->" not in text


texts = st.text(min_size=1, max_size=30).map(_sayable).filter(_is_text)
times = st.integers(0, 5_000_000)


@st.composite
def synced(draw: st.DrawFn) -> LyricsDocument:
    starts = sorted(draw(st.lists(times, min_size=1, max_size=8)))
    return LyricsDocument([Line(draw(texts), start) for start in starts])


@st.composite
def with_words(draw: st.DrawFn) -> LyricsDocument:
    lines = []
    for start in sorted(draw(st.lists(times, min_size=1, max_size=5))):
        steps = draw(st.lists(st.integers(0, 900), min_size=1, max_size=6))
        at, words = start, []
        for number, step in enumerate(steps):
            space = " " if draw(st.booleans()) and number + 1 < len(steps) else ""
            end = at + step if draw(st.booleans()) else None
            words.append(Word(draw(texts) + space, at, end))
            at += step
        lines.append(Line("".join(word.text for word in words), start, words=words))
    return LyricsDocument(lines)


@given(synced())
def test_lrc_comes_back(document: LyricsDocument) -> None:
    kind, (found,) = read_lyrics(write_lyrics(LyricsText(document, "en"), "lrc").encode())
    assert (kind, found.document, found.language) == ("lrc", document, "en")


@given(with_words())
def test_enhanced_lrc_comes_back(document: LyricsDocument) -> None:
    kind, (found,) = read_lyrics(write_lyrics(LyricsText(document), "elrc").encode())
    assert (kind, found.document) == ("elrc", document)


@given(with_words() | synced(), st.booleans())
def test_ttml_comes_back(document: LyricsDocument, two: bool) -> None:
    if two:
        agents = [Agent("v1", "main", "Ada & <Eve>"), Agent("v2", "voice", "Eve")]
        lines = [Line(x.text, x.start_ms, x.end_ms, x.words, f"v{1 + n % 2}") for n, x in enumerate(document.lines)]
        document = LyricsDocument(lines, agents[: len(lines)])
    _, (found,) = read_lyrics(write_lyrics(LyricsText(document, "ja"), "ttml").encode())
    assert (found.document, found.language) == (document, "ja")


@given(synced())
def test_srt_comes_back_with_ends(document: LyricsDocument) -> None:
    kind, (found,) = read_lyrics(write_lyrics(LyricsText(document), "srt").encode())
    assert kind == "srt"
    assert [(line.text, line.start_ms) for line in found.document.lines] == [
        (line.text, line.start_ms) for line in document.lines
    ]


@given(st.lists(texts, min_size=1, max_size=8))
def test_plain_text_comes_back(lines: list[str]) -> None:
    document = LyricsDocument([Line(line) for line in lines])
    kind, (found,) = read_lyrics(write_lyrics(LyricsText(document), "plain").encode())
    assert (kind, found.document, found.document.synced) == ("plain", document, False)


@given(
    st.binary(max_size=400) | st.text(alphabet="[]<>:.0123456789 ab\n-,{}&;/tspan=\"'", max_size=200).map(str.encode)
)
def test_whatever_comes_is_lyrics_or_refused(data: bytes) -> None:
    try:
        _, found = read_lyrics(data)
    except BadFile:
        return
    for text in found:
        for kind in FORMATS:
            write_lyrics(text, kind)
        for line in text.document.lines:
            assert not line.words or "".join(word.text for word in line.words) == line.text
            starts = [word.start_ms for word in line.words]
            assert starts == sorted(starts)


@pytest.mark.parametrize(
    "trap",
    [
        b'<?xml version="1.0"?><!DOCTYPE tt [<!ENTITY a "b">]><tt><body><p>&a;</p></body></tt>',
        b'<!DOCTYPE tt SYSTEM "file:///etc/passwd"><tt><body><p>x</p></body></tt>',
        b"<tt>" + b"<div>" * 5000,
        b"<tt><body><p>never closed",
        b"",
        b"\x00\x00\x00",
        b"[lang:en]\n",
    ],
)
def test_traps_are_refused(trap: bytes) -> None:
    if trap.startswith(b"[lang"):
        assert read_lyrics(trap)[0] == "plain"
        return
    with pytest.raises(BadFile):
        read_lyrics(trap)


def test_times_as_people_write_them() -> None:
    _, (found,) = read_lyrics(b"[offset:500]\r\n[00:10.5][01:00]again\r\n[0:02.123] \xe9t\xe9\r\n[99:59.99]late")
    assert [(line.start_ms, line.text) for line in found.document.lines] == [
        (1_623, "été"), (10_000, "again"), (59_500, "again"), (5_999_490, "late")
    ]  # fmt: skip


@pytest.mark.skipif(SAMPLES is None, reason="no sample collection: set ANTIPHON_SAMPLES")
@pytest.mark.parametrize(
    ("name", "kind", "language", "lines", "first"),
    [
        ("derived/Joshua Morin - On the run.elrc", "elrc", "und", 53, (11_250, "So far away from home,")),
        ("navidrome/tests__fixtures__bom-utf16-test.lrc", "lrc", "und", 2, (18_800, "We're no strangers to love")),
        ("navidrome/tests__fixtures__bom-utf16-test.ttml", "ttml", "eng", 2, (18_800, "UTF16 line one")),
        ("navidrome/tests__fixtures__test.lrc", "lrc", "eng", 2, (18_900, "We're no strangers to love")),
        ("navidrome/tests__fixtures__test.ttml", "ttml", "eng", 2, (18_800, "We're no strangers to love")),
        ("navidrome/tests__fixtures__test-metadata.ttml", "ttml", "ja", 2, (1_000, "こんにちは")),
        ("navidrome/tests__fixtures__lyrics__auld-lang-syne.srt", "srt", "und", 24,
         (0, "Should auld acquaintance be forgot,")),
        ("podcast/docs__examples__transcripts__example.srt", "srt", "und", 222,
         (179, "Travis: When you first get started in podcasting, it's")),
        ("koel/tests__fixtures__simple.lrc", "plain", "und", 3, (None, "Line 1")),
    ],
)  # fmt: skip
def test_real_files(name: str, kind: LyricsFormat, language: str, lines: int, first: tuple[int | None, str]) -> None:
    assert SAMPLES is not None
    found, texts = read_lyrics((SAMPLES / "formats" / name).read_bytes())
    document = texts[0].document
    assert (found, texts[0].language, len(document.lines)) == (kind, language, lines)
    assert (document.lines[0].start_ms, document.lines[0].text) == first


@pytest.mark.skipif(SAMPLES is None, reason="no sample collection: set ANTIPHON_SAMPLES")
def test_translations_and_pronunciations_are_told_apart() -> None:
    assert SAMPLES is not None
    data = (SAMPLES / "formats" / "navidrome" / "tests__fixtures__test-metadata.ttml").read_bytes()
    _, (main, translation, pronunciation) = read_lyrics(data)
    assert (main.kind, translation.kind, pronunciation.kind) == ("main", "translation", "pronunciation")
    assert translation.document.lines == [Line("Hola", 1_000, 1_500)]
    assert [word.text for word in pronunciation.document.lines[0].words] == ["ko", "nni"]


@pytest.mark.skipif(SAMPLES is None, reason="no sample collection: set ANTIPHON_SAMPLES")
def test_naughty_strings() -> None:
    assert SAMPLES is not None
    lines = (SAMPLES / "conformance" / "unicode" / "blns.txt").read_bytes().split(b"\n")
    for line in lines:
        for frame in (b"%s", b"[00:01.00]%s", b"[00:01.00]<00:01.00>%s", b"1\n00:00:01,000 --> 00:00:02,000\n%s\n"):
            try:
                read_lyrics(frame.replace(b"%s", line))
            except BadFile:
                continue
