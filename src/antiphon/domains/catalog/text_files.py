"""Text files that people bring: bytes in any code page become text, XML without its traps. No I/O."""

from __future__ import annotations

import codecs
import re
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from charset_normalizer import from_bytes

__all__ = ["BadFile", "decoded", "for_xml", "read_xml"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENOUGH = 24  # bytes beyond ASCII; with fewer, guessing a code page is worse than the most common one
_DEEPEST = 64
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class BadFile(ValueError):
    """A file that is not what it says it is. The message is for people."""


def decoded(data: bytes) -> str:
    """Never fails. Line ends become `\\n`."""
    return _decoded(data).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    for encoding, place in (("utf-16-le", 1), ("utf-16-be", 0)):
        if len(data) > 3 and data[place::2].count(0) > len(data) // 5 > data[1 - place :: 2].count(0):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if sum(byte > 127 for byte in data) >= _ENOUGH:
        best = from_bytes(data).best()
        if best is not None:
            return str(best)
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def read_xml(data: bytes) -> Element:
    """Elements are named `{namespace}name`. Raises BadFile, also for any document type: with it come entities."""
    text = _decoded(data)
    declared = re.match(r"\s*<\?xml[^>]*\?>", text)
    parser = expat.ParserCreate("utf-8", "}")
    builder, depth = TreeBuilder(), 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise BadFile("The XML is nested too deeply.")
        builder.start(_named(name), {_named(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_named(name))

    def refuse(*_: object) -> None:
        raise BadFile("XML with a document type is not read.")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse((text[declared.end() :] if declared else text).encode("utf-8", "replace"), True)
        root: Element = builder.close()
    except expat.ExpatError as error:
        raise BadFile(f"The XML is broken: {error}.") from error
    return root


def _named(name: str) -> str:
    return "{" + name if "}" in name else name


def for_xml(text: str) -> str:
    """What XML 1.0 can carry of a text."""
    return _UNFIT.sub("", text)
