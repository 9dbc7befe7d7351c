"""Libraries from the command line: made, scanned in this very process, removed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media import api as media
from antiphon.entry.bootstrap import House
from antiphon.entry.cli.repair import opened
from antiphon.kit.errors import AppError
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.paging import PageRequest
from antiphon.kit.settings import Settings

__all__ = ["add", "list_all", "missing", "purge", "remove", "scan", "watch", "write_tags"]

console = Console()
LOOK_EVERY_S = 0.5
PAGE = 100
SHOWN = 20  # files that cannot be read, of those that there are


async def add(settings: Settings, path: Path, name: str, access: catalog.Access) -> None:
    async with opened(settings) as house, house.db.system() as uow:
        new = catalog.NewLibrary(path=str(path), name=name, access=access)
        made = await catalog.add_library(uow, new)
    console.print(
        f"{made.name} is library {made.number}: {made.path}. Read it in with: antiphon library scan {made.number}"
    )


async def list_all(settings: Settings) -> None:
    async with opened(settings) as house:
        async with house.db.system() as uow:
            libraries = await catalog.visible_libraries(uow.conn, whole=True)
        for library in libraries:
            watched = ", watched" * bool(library.watched) + ", tags written" * bool(library.writes_tags)
            console.print(f"{library.number}  {library.name}  {library.path}  {library.access}{watched}", markup=False)
            async with house.db.read() as conn:
                console.print(f"   {await _last(conn, library)}", markup=False)


async def _last(conn: Any, library: catalog.Library) -> str:
    try:
        found = await media.scan(conn, parse(Kind.LIBRARY, library.id))
    except AppError:
        return "never scanned"
    return f"{found.state}: {found.done} of {found.found} files, {found.unreadable} cannot be read"


async def scan(settings: Settings, named: str | None, *, full: bool) -> int:
    """0, or 1 where a library could not be scanned."""
    async with opened(settings) as house:
        failed = 0
        for library in await _meant(house, named):
            failed |= await _scan_one(house, library, full=full)
        return failed


async def _meant(house: House, named: str | None) -> list[catalog.Library]:
    """By number, id or name; all without. Raises LibraryNotFound."""
    async with house.db.system() as uow:
        libraries = await catalog.visible_libraries(uow.conn, whole=True)
    if named is None:
        return libraries
    found = [one for one in libraries if named in (str(one.number), one.id) or named.lower() == one.name.lower()]
    if not found:
        raise catalog.LibraryNotFound(f"Nothing is called {named}: see antiphon library list.")
    return found


async def _scan_one(house: House, library: catalog.Library, *, full: bool) -> int:
    library_id = parse(Kind.LIBRARY, library.id)
    work = asyncio.create_task(media.scan_here(house.db, house.media, library_id, full=full))
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console, transient=True
    ) as progress:
        bar = progress.add_task(library.name, total=None)
        while not await _ended(work, house, library_id):
            await asyncio.wait([work], timeout=LOOK_EVERY_S)
            await _show(house, library_id, progress, bar)
    await work
    return await _report(house, library, library_id)


async def _ended(work: asyncio.Task[bool], house: House, library_id: UUID) -> bool:
    """Where another process has it in hand, its scan is followed to the end."""
    if not work.done():
        return False
    if work.exception() is not None or work.result():
        return True
    await asyncio.sleep(LOOK_EVERY_S)
    async with house.db.read() as conn:
        return (await media.scan(conn, library_id)).finished_at is not None


async def _show(house: House, library_id: UUID, progress: Progress, bar: Any) -> None:
    async with house.db.read() as conn:
        try:
            now = await media.scan(conn, library_id)
        except AppError:
            return
    counting = now.percent is None
    progress.update(bar, total=None if counting else now.found, completed=now.found if counting else now.done)


async def _report(house: House, library: catalog.Library, library_id: UUID) -> int:
    async with house.db.read() as conn:
        found = await media.scan(conn, library_id)
        broken = await media.unreadable_files(conn, library_id, PageRequest.of(None, SHOWN))
    console.print(
        f"{library.name}: {found.state}. {found.found} files; {found.added} tracks added, {found.changed} changed, "
        f"{found.moved} moved, {found.missing} missing, {found.unreadable} files cannot be read.",
        markup=False,
    )
    for file in broken.items:
        console.print(f"   {file.path}: {file.detail} ({file.code})", markup=False)
    if found.unreadable > len(broken.items):
        console.print(f"   … and {found.unreadable - len(broken.items)} more")
    if found.error_detail:
        console.print(f"   {found.error_detail} ({found.error_code})", markup=False)
    return int(found.state == "failed")


async def missing(settings: Settings, named: str | None) -> None:
    """Every track whose file was not found, with the file's place."""
    async with opened(settings) as house:
        for library in await _meant(house, named):
            tracks = [track async for track in _missing_of(house, library)]
            console.print(f"{library.name}: {_counted(len(tracks))} missing", markup=False)
            for track in tracks:
                since = f"since {track.missing_since:%Y-%m-%d}"
                console.print(f"   {track.id}  {track.artist}: {track.title}  {track.path}  {since}", markup=False)


def _counted(tracks: int) -> str:
    return "1 track" if tracks == 1 else f"{tracks:,} tracks"


async def _missing_of(house: House, library: catalog.Library) -> AsyncIterator[catalog.MissingTrack]:
    after: str | None = None
    while True:
        async with house.db.system() as uow:
            request = PageRequest.of(after, PAGE)
            page = await catalog.missing_tracks(uow.conn, parse(Kind.LIBRARY, library.id), request)
        for track in page.items:
            yield track
        after = page.next
        if after is None:
            return


async def purge(settings: Settings, named: str, tracks: Sequence[str], *, yes: bool) -> int:
    """1 where nobody has said yes yet. Raises NotFound for what is no track's id."""
    only = {out(Kind.TRACK, parse(Kind.TRACK, track)) for track in tracks}
    async with opened(settings) as house:
        for library in await _meant(house, named):
            found = [track.id async for track in _missing_of(house, library) if not only or track.id in only]
            if not found:
                console.print(f"{library.name}: nothing to delete.", markup=False)
                continue
            if not yes:
                console.print(
                    f"{library.name}: {_counted(len(found))} would be deleted for good, with their likes, plays and "
                    "places in playlists, also when the files come back. Say --yes to do it.",
                    markup=False,
                )
                return 1
            library_id = parse(Kind.LIBRARY, library.id)
            for start in range(0, len(found), PAGE):
                async with house.db.system() as uow:
                    ids = [parse(Kind.TRACK, track) for track in found[start : start + PAGE]]
                    await media.confirm_missing(uow, library_id, ids)
            console.print(f"{library.name}: {_counted(len(found))} deleted for good.", markup=False)
    return 0


async def watch(settings: Settings, named: str, *, off: bool) -> None:
    said = f"is {'no longer ' if off else ''}watched by the worker."
    await _change(settings, named, catalog.LibraryChange(watched=not off), said)


async def write_tags(settings: Settings, named: str, *, off: bool) -> None:
    said = "is never written." if off else "gets what people edit written into the tags of its files."
    await _change(settings, named, catalog.LibraryChange(writes_tags=not off), said)


async def _change(settings: Settings, named: str, change: catalog.LibraryChange, said: str) -> None:
    async with opened(settings) as house:
        for library in await _meant(house, named):
            async with house.db.system() as uow:
                await catalog.change_library(uow, parse(Kind.LIBRARY, library.id), change)
            console.print(f"{library.name} {said}", markup=False)


async def remove(settings: Settings, named: str) -> None:
    async with opened(settings) as house:
        for library in await _meant(house, named):
            library_id = parse(Kind.LIBRARY, library.id)
            async with house.db.system() as uow:
                await media.remove_library(uow, library_id)
            await media.forget_library(house.db, library_id)
            console.print(f"{library.name} is out of the catalogue; its files are where they were.", markup=False)
