"""A first look at an upload's first bytes: what is plainly no sound is refused at the door, in a plain sentence.

Only signatures count, never the name. Whatever might be sound passes: the codecs have the last word.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

__all__ = ["SNIFF_BYTES", "refuse_reason"]

SNIFF_BYTES = 4096  # how much of the file's beginning is worth handing in
_SHORTEST = 32  # no container with sound in it is smaller

_PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif", b"avis")

# (first bytes, what it is). Two-byte signatures are checked further below.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"8BPS", "a Photoshop picture"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\x00asm", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
    (b"MThd", "a MIDI file: notes, not recorded sound"),
)
_ARCHIVES_HINT = " Unpack it and upload the sound files in it."


def refuse_reason(head: bytes, filename: str) -> str | None:
    """Why the file that begins with `head` (its first `SNIFF_BYTES`, or all of it) cannot be sound; None: it may be.

    `filename` is only for the sentence.
    """
    shown = _shown(filename)
    if not head:
        return f"{shown} is empty."
    kind = _kind(head)
    if kind is None:
        return f"{shown} is too short to hold sound." if len(head) < _SHORTEST else None
    hint = _ARCHIVES_HINT if kind.endswith("archive") else ""
    separator = "." if ":" in kind else ", not a sound file."
    return f"{shown} is {kind}{separator}{hint}"


def _shown(filename: str) -> str:
    name = re.split(r"[/\\]", filename)[-1]
    name = "".join(character for character in name if character.isprintable()).strip()
    return f"“{name[:80]}”" if name else "The file"


def _kind(head: bytes) -> str | None:
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    for recognised, kind in _FURTHER:
        if recognised(head):
            return kind
    return _text_kind(head)


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _is_bmp(head: bytes) -> bool:
    return head[:2] == b"BM" and head[6:10] == bytes(4)


def _is_picture_brand(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS


def _is_windows_program(head: bytes) -> bool:
    if head[:2] != b"MZ" or len(head) < 64:
        return False
    offset = int.from_bytes(head[60:64], "little")
    return offset >= len(head) or head[offset : offset + 2] in (b"PE", b"NE", b"LE")


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _is_pdf(head: bytes) -> bool:
    return head.lstrip(b"\x00\t\n\f\r \xef\xbb\xbf").startswith(b"%PDF-")


_FURTHER: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (_is_webp, "a WebP picture"),
    (_is_bmp, "a BMP picture"),
    (_is_picture_brand, "a HEIF or AVIF picture"),
    (_is_windows_program, "a program"),
    (_is_tar, "a tar archive"),
    (_is_pdf, "a PDF document"),
)

_TEXTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("<!doctype html", "<html"), "a web page"),
    (("<svg",), "an SVG picture"),
    (("<?xml",), "an XML text"),
    (("#extm3u", "[playlist]"), "a playlist: it names sound files and holds none"),
    (("{", "["), "a JSON text"),
)


def _text_kind(head: bytes) -> str | None:
    text = _text(head)
    if text is None:
        return None
    start = text.lstrip("\ufeff \t\r\n").lower()
    if start.startswith("<?xml") and "<svg" in start:
        return "an SVG picture"
    return next((kind for prefixes, kind in _TEXTS if start.startswith(prefixes)), "a text")


def _text(head: bytes) -> str | None:
    """The head as text, None when it is not text throughout. A character cut off at the end is forgiven."""
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return None
    return None if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", text) else text
