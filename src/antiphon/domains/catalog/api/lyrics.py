"""Lyrics: seen by who sees the track, changed by who manages its artist."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.hits import hits
from antiphon.domains.catalog.api.tracks import require_editable_track, track
from antiphon.domains.catalog.errors import BadLyrics, LyricsNotFound
from antiphon.domains.catalog.lyrics_formats import read_lyrics, write_lyrics
from antiphon.domains.catalog.lyrics_formats.lrc import tidy
from antiphon.domains.catalog.model_lyrics import (
    Line,
    Lyrics,
    LyricsDocument,
    LyricsFormat,
    LyricsKind,
    LyricsText,
    SungLine,
    Word,
)
from antiphon.domains.catalog.store import lyrics as store
from antiphon.domains.catalog.text_files import BadFile
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid, VersionConflict
from antiphon.kit.ids import Kind, out

__all__ = [
    "delete_lyrics",
    "lyrics_file",
    "lyrics_of_song",
    "lyrics_of_track",
    "put_lyrics",
    "put_lyrics_file",
    "sung_lines",
    "take_lyrics",
]

_document = msgspec.json.Decoder(LyricsDocument)
_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[a-z0-9]{2,8}){0,4}$")


async def lyrics_of_track(conn: AsyncConnection, track_id: UUID, viewer: UUID | None) -> list[Lyrics]:
    """In all languages, what is sung before translations. Raises ContentNotFound where the track is not seen."""
    found = await track(conn, track_id, viewer)
    return [_view(row, found.editable) for row in await store.of_track(conn, track_id)]


async def sung_lines(conn: AsyncConnection, found: Sequence[tuple[UUID, int]]) -> list[SungLine]:
    """Lines by the id of their lyrics and their place in them; what the connection may not see is left out."""
    if not found:
        return []
    rows = {row.id: row for row in await store.of_ids(conn, [one for one, _ in found])}
    shown = await hits(conn, tracks=list({row.track_id for row in rows.values()}))
    tracks = {track.id: track for track in shown.tracks}
    lines = []
    for one, place in found:
        row = rows.get(one)
        song = tracks.get(out(Kind.TRACK, row.track_id)) if row is not None else None
        if row is None or song is None:
            continue
        document = _document.decode(row.document)
        if place < len(document.lines):
            line = document.lines[place]
            lines.append(SungLine(song, line.text, line.start_ms, row.language))
    return lines


async def lyrics_of_song(conn: AsyncConnection, artist: str, title: str) -> Lyrics | None:
    """By names. What is found may be sung by another artist only where none is named."""
    row = await store.of_song(conn, artist, title)
    return _view(row, False) if row is not None else None


def _view(row: Row[Any], editable: bool) -> Lyrics:
    document = _document.decode(row.document)
    return Lyrics(
        id=out(Kind.LYRICS, row.id),
        language=row.language,
        text_kind=row.kind,
        synced=row.synced,
        lines=document.lines,
        agents=document.agents,
        source=row.source,
        editable=editable,
        version=row.version,
        updated_at=row.updated_at,
    )


async def put_lyrics(
    uow: UnitOfWork,
    user_id: UUID,
    track_id: UUID,
    language: str,
    kind: LyricsKind,
    document: LyricsDocument,
    version: int | None,
) -> Lyrics:
    """As somebody typed or tapped them. Raises ContentNotFound, NotManager, Invalid, VersionConflict."""
    await require_editable_track(uow, user_id, track_id)
    text = LyricsText(_checked(document), _language(language), kind)
    if not await store.put(uow.conn, track_id, text, None, version, uow.clock.now()):
        raise VersionConflict
    return await _one(uow, user_id, track_id, text)


async def _one(uow: UnitOfWork, user_id: UUID, track_id: UUID, text: LyricsText) -> Lyrics:
    found = await lyrics_of_track(uow.conn, track_id, user_id)
    return next(one for one in found if (one.language, one.text_kind) == (text.language, text.kind))


def _language(text: str) -> str:
    language = text.lower()
    if not _LANGUAGE.match(language):
        raise Invalid(FieldProblem("/language", "language", "A language is told by a code such as en, ja or ja-latn."))
    return language


def _checked(document: LyricsDocument) -> LyricsDocument:
    """Tidied. Raises Invalid for times that go backwards, and for agents that nobody is."""
    problems, lines, last = [], [], 0
    known = {agent.id for agent in document.agents}
    if len(known) < len(document.agents):
        problems.append(FieldProblem("/agents", "twice", "Two of those who sing have one id."))
    if not any(line.text.strip() for line in document.lines):
        problems.append(FieldProblem("/lines", "empty", "There are no words in these lyrics."))
    for index, line in enumerate(document.lines):
        if line.start_ms is not None and line.start_ms < last:
            problems.append(FieldProblem(f"/lines/{index}/start_ms", "backwards", "This line begins before another."))
        if line.agent is not None and line.agent not in known:
            problems.append(FieldProblem(f"/lines/{index}/agent", "not_found", "Nobody with this id sings here."))
        last = line.start_ms if line.start_ms is not None else last
        lines.append(_tidied(line, f"/lines/{index}/words", problems))
    if problems:
        raise Invalid(*problems[:20])
    return LyricsDocument(lines, document.agents)


def _tidied(line: Line, pointer: str, problems: list[FieldProblem]) -> Line:
    words = [Word(tidy(word.text), word.start_ms, word.end_ms) for word in line.words]
    starts = [word.start_ms for word in words]
    if words and line.start_ms is None:
        problems.append(FieldProblem(pointer, "no_start", "Words have times only where their line has one."))
    if starts != sorted(starts) or any(word.end_ms is not None and word.end_ms < word.start_ms for word in words):
        problems.append(FieldProblem(pointer, "backwards", "The times of these words go backwards."))
    text = "".join(word.text for word in words) if words else tidy(line.text)
    end = line.end_ms if line.end_ms is None or line.end_ms >= (line.start_ms or 0) else None
    return Line(text if words else text.strip(), line.start_ms, end, words, line.agent)


async def put_lyrics_file(
    uow: UnitOfWork, user_id: UUID, track_id: UUID, data: bytes, language: str | None, kind: LyricsKind | None
) -> list[Lyrics]:
    """All languages that are in the file; `language` and `kind` are those of its first text where they are given.

    Raises ContentNotFound, NotManager, Invalid, BadLyrics.
    """
    await require_editable_track(uow, user_id, track_id)
    try:
        source, texts = read_lyrics(data)
    except BadFile as error:
        raise BadLyrics(str(error)) from error
    first = texts[0]
    texts[0] = LyricsText(first.document, _language(language or first.language), kind or first.kind)
    for text in texts:
        await store.put(uow.conn, track_id, text, source, None, uow.clock.now())
    return await lyrics_of_track(uow.conn, track_id, user_id)


async def take_lyrics(uow: UnitOfWork, track_id: UUID, data: bytes) -> bool:
    """What an import found beside or inside a file. False where there is nothing to read in it."""
    try:
        source, texts = read_lyrics(data)
    except BadFile:
        return False
    for text in texts:
        await store.put(uow.conn, track_id, text, source, None, uow.clock.now())
    return True


async def delete_lyrics(uow: UnitOfWork, user_id: UUID, track_id: UUID, language: str, kind: LyricsKind) -> None:
    """Raises ContentNotFound, NotManager, LyricsNotFound."""
    await require_editable_track(uow, user_id, track_id)
    if not await store.delete(uow.conn, track_id, kind, language.lower()):
        raise LyricsNotFound


async def lyrics_file(
    conn: AsyncConnection,
    track_id: UUID,
    viewer: UUID | None,
    language: str | None,
    kind: LyricsKind,
    file_format: LyricsFormat,
) -> str:
    """The first of that kind where no language is named. Raises ContentNotFound, LyricsNotFound."""
    for found in await lyrics_of_track(conn, track_id, viewer):
        if found.text_kind == kind and language in (None, found.language):
            text = LyricsText(LyricsDocument(found.lines, found.agents), found.language, found.text_kind)
            return write_lyrics(text, file_format)
    raise LyricsNotFound
