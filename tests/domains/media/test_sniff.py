"""What is plainly no sound is refused by its first bytes; what may be sound is not."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.media.sniff import SNIFF_BYTES, refuse_reason
from tests.support.audio import noise, transcode, write_wav


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("song.mp3", b"\xff\xfb\x90\x00" * 100)
    return buffer.getvalue()


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("song.mp3"), io.BytesIO())
    return buffer.getvalue()


NOT_SOUND = {
    "a JPEG picture": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(100),
    "a PNG picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "a GIF picture": b"GIF89a" + bytes(100),
    "a WebP picture": b"RIFF\x00\x01\x00\x00WEBPVP8 " + bytes(100),
    "a BMP picture": b"BM\x00\x10\x00\x00" + bytes(100),
    "a TIFF picture": b"II*\x00" + bytes(100),
    "a HEIF or AVIF picture": b"\x00\x00\x00\x18ftypavif" + bytes(100),
    "a PDF document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(100),
    "a ZIP archive": zipped(),
    "a gzip archive": gzip.compress(b"sound" * 100),
    "a 7-Zip archive": b"7z\xbc\xaf\x27\x1c" + bytes(100),
    "a RAR archive": b"Rar!\x1a\x07\x01\x00" + bytes(100),
    "a tar archive": tarred(),
    "a program": b"\x7fELF\x02\x01\x01" + bytes(100),
    "a JSON text": json.dumps({"title": "Ünïcödé"}, ensure_ascii=False).encode(),
    "an XML text": b'<?xml version="1.0"?><playlist/>',
    "an SVG picture": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "a web page": b"<!DOCTYPE html><title>404</title>",
    "a playlist": b"#EXTM3U\nhttp://example.org/a.mp3\n",
    "a text": "title,artist\n川の音,Ünïcödé\n".encode(),
    "a MIDI file": b"MThd\x00\x00\x00\x06" + bytes(100),
}


@pytest.mark.parametrize("kind", NOT_SOUND)
def test_refused_with_its_name(kind: str) -> None:
    reason = refuse_reason(NOT_SOUND[kind][:SNIFF_BYTES], "song.mp3")
    assert reason is not None
    assert kind in reason
    assert reason.startswith("“song.mp3”")
    assert reason.endswith(".")


def test_windows_programs_and_utf_16_texts() -> None:
    program = bytearray(b"MZ" + bytes(200))
    program[60] = 128
    program[128:130] = b"PE"
    assert "a program" in (refuse_reason(bytes(program), "setup.flac") or "")
    assert "a text" in (refuse_reason("Titel\r\nKünstler\r\n".encode("utf-16"), "cue.wav") or "")


def test_empty_and_tiny_files() -> None:
    assert "empty" in (refuse_reason(b"", "x.wav") or "")
    assert "too short" in (refuse_reason(b"\xff", "x.wav") or "")


def test_the_name_is_shown_without_its_folder_and_oddities() -> None:
    assert (refuse_reason(b"", "C:\\music\\a\x00b\u202e.wav") or "").startswith("“ab.wav”")
    assert (refuse_reason(b"", "") or "").startswith("The file")


@pytest.mark.parametrize("ending", ["flac", "mp3", "m4a", "alac.m4a", "ogg", "opus", "wv", "aiff", "wma", "tta", "mka"])
def test_sound_passes_under_any_name(tmp_path: Path, ending: str) -> None:
    wav = write_wav(tmp_path / "source.wav", noise(0.5))
    file = transcode(wav, tmp_path / "file", ending, metadata={"title": "%PDF-1.7 <html> {}"})
    for path in (wav, file):
        assert refuse_reason(path.read_bytes()[:SNIFF_BYTES], "holiday.jpg") is None


@given(st.binary(max_size=600), st.text(max_size=40))
def test_any_bytes_get_an_answer(head: bytes, filename: str) -> None:
    reason = refuse_reason(head, filename)
    assert reason is None or reason.endswith(".")


@given(st.text(min_size=32, max_size=300, alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"])))
def test_text_in_any_script_is_no_sound(text: str) -> None:
    assert refuse_reason(text.encode(), "song.ogg") is not None
