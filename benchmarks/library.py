"""Libraries: a first import, a scan where nothing changed, the memory of the scanner.

`python -m benchmarks library`; `LIBRARY_SIZES=1000,5000` measures others than 1,000, 20,000 and 100,000 files (5 GB of
disk), `LIBRARY_RECORDS=50000` fewer than a million tracks without files; 0 leaves them out.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from benchmarks.collection import make_collection
from benchmarks.house import House, house, own_home
from benchmarks.library_records import measure_records
from benchmarks.report import Row, Section

__all__ = ["measure"]

SIZES = "1000,20000,100000"
RECORDS = "1000000"
TRACKS_A_SECOND = 1000
UNCHANGED_S = {20_000: 0.7, 100_000: 2.5}
MEMORY_MB = 200.0
PEERS_FIRST = "523 to 574 (LMS), 273 (Navidrome), 214 to 392 (gonic)"
PEERS_AGAIN = {20_000: "0.83 s (Navidrome)", 100_000: "2.51 s (Navidrome)"}
_LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class Run:
    """`took_s` is from the first look at the folder to the end; `cpu_s` and `peak_mb` are of scanner and readers."""

    took_s: float
    wall_s: float
    cpu_s: float
    database_cpu_s: float
    peak_mb: float
    scanner_mb: float


def measure() -> list[Section]:
    sections = []
    for size in (int(part) for part in os.environ.get("LIBRARY_SIZES", SIZES).split(",")):
        section = Section(f"A library of {size:,} files (FLAC, MP3, Ogg, M4A, fully tagged, with covers)")
        with own_home() as home:
            home.parent.mkdir(parents=True, exist_ok=True)
            collection = home.parent / "collection"
            make_collection(collection, size)
            with house(home) as running:
                _measure(section, running, collection, size)
        sections.append(section)
    if records := int(os.environ.get("LIBRARY_RECORDS", RECORDS)):
        sections.append(measure_records(records))
    return sections


def _measure(section: Section, running: House, collection: Path, size: int) -> None:
    _command(running, "library", "add", str(collection), "--access", "everyone")
    first = _scan(running)
    with psycopg.connect(running.database_url) as conn:
        found = conn.execute("SELECT count(*) FROM catalog.tracks WHERE published_at IS NOT NULL").fetchone()
    if found != (size,):
        raise RuntimeError(f"{found} tracks of {size} are there")
    rate = size / first.took_s
    section.rows.append(
        Row(
            "first import, tracks a second", f"{rate:.0f}", f">= {TRACKS_A_SECOND}", PEERS_FIRST,
            rate >= TRACKS_A_SECOND,
        )
    )  # fmt: skip
    again = min((_scan(running) for _ in range(3)), key=lambda run: run.took_s)
    ours, theirs = 1000 * (first.cpu_s - again.cpu_s) / size, 1000 * first.database_cpu_s / size
    said = f"{ours + theirs:.2f} ms ({ours:.2f} ours, {theirs:.2f} the database's)"
    section.rows.append(Row("processor time a track, but for the command's start", said))
    target = UNCHANGED_S.get(size)
    section.rows.append(
        Row(
            "scan again, nothing changed",
            f"{again.took_s:.2f} s ({again.wall_s:.2f} s with the command's start)",
            f"< {target} s" if target else "",
            PEERS_AGAIN.get(size, ""),
            again.took_s < target if target else None,
        )
    )
    section.rows.append(
        Row(
            "highest resident memory, scanner and readers",
            f"{first.peak_mb:.0f} MB (scanner alone {first.scanner_mb:.0f})",
            f"< {MEMORY_MB:.0f} MB",
            "",
            first.peak_mb < MEMORY_MB,
        )
    )


def _environ(running: House) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTIPHON_")}
    return kept | {"ANTIPHON_HOME": str(running.home), "ANTIPHON_CONFIG": str(running.home / "antiphon.toml")}


def _command(running: House, *words: str) -> None:
    argv = [sys.executable, "-m", "antiphon.entry.cli", *words]
    subprocess.run(argv, env=_environ(running), check=True, stdout=subprocess.DEVNULL)


def _scan(running: House) -> Run:
    argv = [sys.executable, "-m", "antiphon.entry.cli", "library", "scan"]
    database = running.cpu_s("database")
    began = time.monotonic()
    process = psutil.Popen(argv, env=_environ(running), stdout=subprocess.DEVNULL)
    peak = scanner = cpu = 0.0
    while process.poll() is None:
        now, alone, used = _size(process)
        peak, scanner, cpu = max(peak, now), max(scanner, alone), max(cpu, used)
        time.sleep(_LOOK_S)
    wall = time.monotonic() - began
    if process.returncode:
        raise RuntimeError(f"the scan ended with {process.returncode}")
    with psycopg.connect(running.database_url) as conn:
        took = conn.execute(
            "SELECT extract(epoch FROM finished_at - asked_at)::float FROM media.scans ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert took is not None
    return Run(took[0], wall, cpu, running.cpu_s("database") - database, peak, scanner)


def _size(process: psutil.Popen) -> tuple[float, float, float]:
    """Resident MB of the scanner with its readers, and alone; processor seconds so far."""
    total = alone = cpu = 0.0
    try:
        for one in [process, *process.children(recursive=True)]:
            size = one.memory_full_info().pss / 1e6
            total += size
            if one.pid == process.pid:
                alone = size
            cpu += sum(one.cpu_times()[:2])
    except psutil.NoSuchProcess:
        pass
    return total, alone, cpu
