"""How long a search takes while somebody types, and how many a second are answered.

`python -m benchmarks search`; ANTIPHON_BENCH_TRACKS is how many tracks there are (a million without).
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Callable, Sequence
from urllib.parse import quote

import psycopg

from antiphon.adapters.search import LocalSearch
from antiphon.domains.discovery.indexer import CHANNEL, REBUILD
from benchmarks.driver import Load, drive
from benchmarks.house import House, house, own_home
from benchmarks.report import Row, Section
from benchmarks.searched import Work, fill

__all__ = ["measure", "rebuild"]

TRACKS = int(os.environ.get("ANTIPHON_BENCH_TRACKS", "1000000"))
P95_MS, TYPO_P95_MS, REQUESTS_S, INDEX_MB, REBUILD_S = 10.0, 40.0, 400.0, 300.0, 180.0
WAIT_S = 1800


def measure(seconds: float = 5.0) -> list[Section]:
    """`seconds` for each class of query."""
    with own_home() as home, house(home) as running:
        began = time.monotonic()
        works = fill(running.database_url, TRACKS)
        print(f"{TRACKS:,} tracks written in {time.monotonic() - began:.0f} s", flush=True)
        table = Section(f"Search in {TRACKS:,} tracks")
        table.rows += _rebuilt(running)
        choose = random.Random(9)
        classes = {name: [make(work, choose) for work in works] for name, make in CLASSES.items()}
        for name, queries in classes.items():
            table.rows.append(_one_person(running, name, queries, seconds))
        mix = [query for group in zip(*classes.values(), strict=True) for query in group[:-1]] + classes["typo"][::5]
        choose.shuffle(mix)
        table.rows.append(_many(running, mix, seconds))
        table.notes += [
            "The driver runs on the same cores as the server and the database.",
            "Common words are six, and a quarter of the mix: between two commits they are found once and kept.",
        ]
        return [table]


def _word(text: str, choose: random.Random) -> str:
    return max(text.split(), key=len)


def _typo(text: str, choose: random.Random) -> str:
    """One letter left out, exchanged, or swapped with the next."""
    word = _word(text, choose)
    if len(word) < 5 or not word.isascii():
        return f"{word}qx"
    at = choose.randrange(1, len(word) - 1)
    return choose.choice(
        [
            word[:at] + word[at + 1 :],
            f"{word[:at]}q{word[at + 1 :]}",
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )


CLASSES: dict[str, Callable[[Work, random.Random], str]] = {
    "words": lambda work, choose: work.title,
    "prefix": lambda work, choose: work.title[: choose.randint(2, max(3, len(work.title) - 1))],
    "mixed": lambda work, choose: f"{_word(work.title, choose)} {_word(work.artist, choose)}",
    "common": lambda work, choose: choose.choice(("love", "night", "the", "you", "blue love", "my heart")),
    "typo": lambda work, choose: _typo(work.artist, choose),
}


def _paths(queries: Sequence[str]) -> list[str]:
    return [f"/api/v1/search?q={quote(query)}" for query in queries]


def _one_person(running: House, name: str, queries: Sequence[str], seconds: float) -> Row:
    drive(running.port, _paths(queries[::-1]), connections=1, seconds=1.0)  # what is measured was not asked before
    load, cost = _driven(running, queries, 1, seconds)
    target = TYPO_P95_MS if name == "typo" else P95_MS
    return Row(
        f"{name}, one person typing",
        f"p50 {load.percentile(50):.1f}, p95 {load.percentile(95):.1f}, p99 {load.percentile(99):.1f} ms",
        f"p95 < {target:.0f} ms",
        cost,
        load.percentile(95) < target and not load.failures,
    )


def _many(running: House, queries: Sequence[str], seconds: float) -> Row:
    load, cost = _driven(running, queries, 16, seconds)
    figure = f"{load.requests_s:.0f} requests/s, p95 {load.percentile(95):.0f} ms"
    met = load.requests_s >= REQUESTS_S and not load.failures
    return Row("a mix, 16 connections", figure, f"≥ {REQUESTS_S:.0f} requests/s", cost, met)


def _driven(running: House, queries: Sequence[str], connections: int, seconds: float) -> tuple[Load, str]:
    web, database = running.cpu_s("web"), running.cpu_s("database")
    load = drive(running.port, _paths(queries), connections=connections, seconds=seconds)
    count = len(load.latencies_ms)
    web, database = running.cpu_s("web") - web, running.cpu_s("database") - database
    return load, f"CPU a request: web {web / count * 1000:.2f}, database {database / count * 1000:.2f} ms"


def rebuild(running: House) -> tuple[float, float]:
    """Make the index anew; seconds, and its size in MB."""
    index = LocalSearch(running.home / "search")
    before, began = index.begun(), time.monotonic()
    with psycopg.connect(running.database_url, autocommit=True) as conn:
        conn.execute("SELECT pg_notify(%s, %s)", (CHANNEL, REBUILD))
    while index.begun() == before:
        if time.monotonic() - began > WAIT_S:
            raise RuntimeError("the index was not made anew")
        time.sleep(0.2)
    took, size = time.monotonic() - began, index.size() / 1e6
    asyncio.run(index.close())
    print(f"made anew in {took:.0f} s, {size:.0f} MB", flush=True)
    return took, size


def _rebuilt(running: House) -> list[Row]:
    took, size = rebuild(running)
    scale = TRACKS / 1_000_000
    return [
        Row(
            "made anew while serving",
            f"{took:.1f} s",
            f"< {REBUILD_S:.0f} s for a million",
            "",
            took < REBUILD_S * scale,
        ),
        Row(
            "size of the index",
            f"{size:.0f} MB",
            f"< {INDEX_MB:.0f} MB for a million",
            "",
            size < INDEX_MB * max(scale, 0.01),
        ),
    ]
