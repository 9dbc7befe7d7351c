"""A multipart form whose file is handed on while it arrives; nothing of it is held in memory or a second file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TypeAlias

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from antiphon.kit.errors import AppError

__all__ = ["Form", "FormBroken", "read_form"]

_FIELD_MAX = 64 * 1024
_Events: TypeAlias = AsyncIterator[MultipartSegment | bytes | bytearray | None]


class FormBroken(AppError):
    code = "invalid_form"
    status = 400
    title = "This is not a multipart form with a file"


@dataclass(frozen=True, slots=True)
class Form:
    """The file's name and its bytes as they come. `fields` holds what stood before the file; once the file is read,
    also what followed it."""

    fields: dict[str, str]
    filename: str
    file: AsyncIterator[bytes]


async def read_form(content_type: str, body: AsyncIterator[bytes]) -> Form:
    """Raises FormBroken, also while the file is read."""
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data" or "boundary" not in options:
        raise FormBroken("Send multipart/form-data with artist_id and file.")
    events = _events(PushMultipartParser(options["boundary"], max_header_size=8192), body)
    fields: dict[str, str] = {}
    filename = await _until_file(events, fields)
    if filename is None:
        raise FormBroken("The form holds no file.")
    return Form(fields, filename, _file(events, fields))


async def _until_file(events: _Events, fields: dict[str, str]) -> str | None:
    """Read fields up to the next file; its name, or None at the end of the form."""
    segment: MultipartSegment | None = None
    value = bytearray()
    async for event in events:
        if isinstance(event, MultipartSegment):
            segment, value = event, bytearray()
            if segment.filename is not None and segment.name == "file":
                return str(segment.filename)
        elif event is None and segment is not None:
            fields[segment.name] = value.decode("utf-8", "replace")
        elif event is not None:
            value += event
            if len(value) > _FIELD_MAX:
                raise FormBroken("A field of the form is too long.")
    return None


async def _events(parser: PushMultipartParser, body: AsyncIterator[bytes]) -> _Events:
    try:
        async for chunk in body:
            for event in parser.parse(chunk):
                yield event
        for event in parser.parse(b""):
            yield event
    except MultipartError as error:
        raise FormBroken(f"The form cannot be read: {error}.") from error


async def _file(events: _Events, fields: dict[str, str]) -> AsyncIterator[bytes]:
    pending = bytearray()
    async for event in events:
        if event is None:
            break
        if isinstance(event, MultipartSegment):
            raise FormBroken()
        pending += event
        if len(pending) >= 1024 * 1024:
            yield bytes(pending)
            pending.clear()
    if pending:
        yield bytes(pending)
    if await _until_file(events, fields) is not None:
        raise FormBroken("The form holds more than one file.")
