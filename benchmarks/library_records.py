"""A million tracks without a file: what readers would have said is generated, and goes through the scanner's door.

`python -m benchmarks.library_records FOLDER COUNT` is the process that imports; it prints what it measured as JSON.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import psutil

from antiphon.adapters.postgres import EmbeddedPostgres
from antiphon.domains.catalog import api as catalog
from antiphon.domains.media.library.reading import ReadSlice
from antiphon.domains.media.library.scanner import BATCH
from antiphon.domains.media.library.spool import Slice
from antiphon.domains.media.library.walker import Entry
from antiphon.domains.media.library.works import works_of
from antiphon.domains.media.library.writing import Counts, write_batch
from antiphon.domains.media.ports import ReadFile
from antiphon.kit.clock import SystemClock
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.jobs import JobRegistry
from antiphon.migrations import migrate
from benchmarks.collection import ALBUM_TRACKS, Song, songs
from benchmarks.house import own_home
from benchmarks.library_plans import Plans, browse
from benchmarks.report import Row, Section

__all__ = ["measure_records"]

T = TypeVar("T")
MEMORY_MB = 200.0
SLOWER = 2.0  # times, of the last tenth against the first
BROWSE_MS = 50.0


class Measured(msgspec.Struct):
    """Rates are tracks a second; `cpu_s` and `peak_mb` are of the importing process, `browse_ms` the slowest list."""

    rate: float
    first_rate: float
    last_rate: float
    cpu_s: float
    database_cpu_s: float
    settled_s: float
    peak_mb: float
    browse_ms: float
    slowest: str
    statements: int
    whole: list[str]


def measure_records(count: int) -> Section:
    section = Section(f"A library of {count:,} tracks by their tags alone, through the door of the scanner")
    with own_home() as home:
        argv = [sys.executable, "-m", "benchmarks.library_records", str(home), str(count)]
        said = subprocess.run(argv, check=True, stdout=subprocess.PIPE).stdout
    found = msgspec.json.decode(said.splitlines()[-1], type=Measured)
    cpu, database = 1000 * found.cpu_s / count, 1000 * found.database_cpu_s / count
    section.rows += [
        Row("import, tracks a second", f"{found.rate:.0f}"),
        Row(
            "the last tenth, against the first",
            f"{found.last_rate:.0f} and {found.first_rate:.0f} tracks a second",
            f"> 1/{SLOWER:.0f}",
            "",
            found.last_rate * SLOWER > found.first_rate,
        ),
        Row("processor time a track", f"{cpu + database:.2f} ms ({cpu:.2f} ours, {database:.2f} the database's)"),
        Row("settling at the end", f"{found.settled_s:.1f} s"),
        Row(
            "highest resident memory of the importer", f"{found.peak_mb:.0f} MB", f"< {MEMORY_MB:.0f} MB", "",
            found.peak_mb < MEMORY_MB,
        ),
        Row(
            "slowest first page, in the database and as views", f"{found.browse_ms:.1f} ms ({found.slowest})",
            f"< {BROWSE_MS:.0f} ms", "", found.browse_ms < BROWSE_MS,
        ),
        Row(
            f"plans of {found.statements} statements of import and lists",
            "all by index" if not found.whole else f"read a large table from end to end: {'; '.join(found.whole)}",
            "by index", "", not found.whole,
        ),
    ]  # fmt: skip
    return section


def slices(count: int) -> Iterator[ReadSlice]:
    """Albums as their folders, with what a reader says of fully tagged files."""
    for number, album in enumerate(_in_parts(songs(count), ALBUM_TRACKS)):
        path = album[0].folder
        files = [(_entry(song), _read(song)) for song in album]
        print_ = number.to_bytes(16, "big")
        one = Slice(path, print_, print_, "cover.jpg", len(files), [entry for entry, _ in files], [], [])
        yield ReadSlice(one, files, works_of(path, files, {}), {}, {})


def _entry(song: Song) -> Entry:
    name = f"{song.track:02d} {song.title}.{song.suffix}"
    return Entry(name, song.suffix, 8_000_000 + song.number, 1_700_000_000_000_000_000 + song.number, song.number + 10)


def _read(song: Song) -> ReadFile:
    return ReadFile(
        title=song.title, artist=song.artist, artists=(song.artist,), album=song.album, album_artists=(song.artist,),
        disc_number=1, track_number=song.track, date=f"{song.year}-05-17", genres=(song.genre,),
        isrc=f"QZAAA{song.number % 10_000_000:07d}", recording_mbid=song.id(1), label="Own Label",
        comment="Recorded at night, mixed by day.", has_picture=True, track_gain=-7.21, track_peak=0.988,
        album_gain=-7.9, duration_ms=180_000 + song.number % 90_000, bitrate_kbps=256, sample_rate=44_100, channels=2,
        codec="flac" if song.suffix == "flac" else "mp3",
    )  # fmt: skip


def _in_parts(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while part := list(islice(items, size)):
        yield part


async def _import(db: Database, count: int) -> tuple[UUID, list[float]]:
    """The library, and after each tenth the seconds since the beginning."""
    async with db.system() as uow:
        library = parse(
            Kind.LIBRARY, (await catalog.add_library(uow, catalog.NewLibrary("/", "Records", "everyone"))).id
        )
    counts, memory, tenths, began = Counts(), catalog.ImportMemory(), [0.0], time.monotonic()
    for batch in _in_parts(slices(count), BATCH // ALBUM_TRACKS):
        async with db.system() as uow:
            await write_batch(uow, library, batch, memory, counts)
        if counts.done >= len(tenths) * count / 10:
            tenths.append(time.monotonic() - began)
    return library, tenths


def _peak_mb() -> float:
    """Of this program alone: what `getrusage` says begins with what the process had before it became this program."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


async def _measure(server: EmbeddedPostgres, count: int) -> Measured:
    db = Database.connect(server.url(user="antiphon_app"), SystemClock(), JobRegistry(), pool_size=3)
    try:
        before = _database_cpu_s()
        library, tenths = await _import(db, count)
        database = _database_cpu_s() - before
        own = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        began = time.monotonic()
        async with db.system() as uow:
            await catalog.settle_albums(uow, library)
            await catalog.drop_folders(uow, library)
        settled = time.monotonic() - began
        peak = _peak_mb()
        plans = Plans(db)
        async with plans.listening():
            async with db.system() as uow:
                known = list(islice(slices(count), BATCH // ALBUM_TRACKS))  # as if their files had changed
                await write_batch(uow, library, known, catalog.ImportMemory(), Counts())
            times = await browse(db, library)
        slowest = max(times, key=lambda name: times[name])
        return Measured(
            rate=count / tenths[-1], first_rate=count / 10 / tenths[1],
            last_rate=count / 10 / (tenths[10] - tenths[9]), cpu_s=own, database_cpu_s=database, settled_s=settled,
            peak_mb=peak, browse_ms=times[slowest], slowest=slowest, statements=plans.count, whole=await plans.whole(),
        )  # fmt: skip
    finally:
        await db.close()


def _database_cpu_s() -> float:
    """Its server is the only child that we have; a process of it that has ended is in the times of its parent."""
    used = 0.0
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            used += sum(one.cpu_times()[:4])
    return used


def main(home: Path, count: int) -> dict[str, Any]:
    home.mkdir(parents=True, exist_ok=True)
    server = EmbeddedPostgres(home / "postgres")
    server.start()
    try:
        migrate(server.url(user="antiphon_owner"))
        return msgspec.to_builtins(asyncio.run(_measure(server, count)))  # type: ignore[no-any-return]
    finally:
        server.stop()


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
