"""How long the hot routes take with 10,000 tracks in the database, how many queries each sends, and their plans.

`python -m benchmarks latency`.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import event

from antiphon.entry.bootstrap import House as Composition
from antiphon.entry.bootstrap import build
from antiphon.entry.http.app import create_app
from antiphon.kit.settings import Settings
from benchmarks.catalogue import ALBUMS, ARTISTS, TRACKS, Catalogue, fill
from benchmarks.driver import Load, drive
from benchmarks.house import House, house, own_home
from benchmarks.report import Row, Section

__all__ = ["measure"]

P95_MS, P99_MS = 50.0, 100.0
CONNECTIONS = (1, 16)
WARM_UP_S = 1.0


@dataclass(frozen=True, slots=True)
class _Route:
    name: str
    paths: list[str]


def measure(seconds: float = 4.0) -> list[Section]:
    """`seconds` for each route at each number of connections."""
    with own_home() as home, house(home) as running:
        catalogue = fill(running.database_url)
        routes = _routes(catalogue)
        latencies = Section(f"Latency with {TRACKS:,} tracks, {ALBUMS:,} albums, {ARTISTS} artists")
        for route in routes:
            drive(running.port, route.paths, connections=2, seconds=WARM_UP_S)
            for connections in CONNECTIONS:
                latencies.rows.append(_row(running, route, connections, seconds))
        latencies.notes.append("The driver runs on the same cores as the server and the database.")
        return [latencies, asyncio.run(_queries(running, routes))]


def _routes(catalogue: Catalogue) -> list[_Route]:
    """A thousand tracks and half of the albums in an order that is the same each time."""
    choose = random.Random(1)
    tracks, albums = choose.sample(catalogue.tracks, 1000), choose.sample(catalogue.albums, 500)
    return [
        _Route("home", ["/api/v1/content/discover"]),
        _Route("track", [f"/api/v1/content/{track}" for track in tracks]),
        _Route("album", [f"/api/v1/content/{album}" for album in albums]),
        _Route("stream", [f"/api/v1/stream/{track}" for track in tracks]),
    ]


def _row(running: House, route: _Route, connections: int, seconds: float) -> Row:
    web, database = running.cpu_s("web"), running.cpu_s("database")
    load = drive(running.port, route.paths, connections=connections, seconds=seconds)
    count = len(load.latencies_ms)
    web, database = running.cpu_s("web") - web, running.cpu_s("database") - database
    return Row(
        f"{route.name}, {connections} connection{'s' * (connections > 1)}",
        f"p50 {load.percentile(50):.1f}, p95 {load.percentile(95):.1f}, p99 {load.percentile(99):.1f} ms; "
        f"{load.requests_s:.0f} requests/s{_failed(load)}",
        f"p95 < {P95_MS:.0f}, p99 < {P99_MS:.0f} ms",
        f"CPU a request: web {web / count * 1000:.2f}, database {database / count * 1000:.2f} ms",
        load.percentile(95) < P95_MS and load.percentile(99) < P99_MS and not load.failures,
    )


def _failed(load: Load) -> str:
    return f"; {load.failures} FAILED" if load.failures else ""


async def _queries(running: House, routes: list[_Route]) -> Section:
    """The same application in this process, so that every statement can be seen and asked for its plan."""
    section = Section("Queries of a request, and tables that are scanned without an index")
    url = running.database_url.replace("antiphon_owner", "antiphon_app")
    composition = build(Settings(home=running.home, database_url=url), url)
    try:
        await composition.start()
        for route in routes:
            statements = await _statements(composition, route.paths[0])
            scans: list[str] = []
            for statement, parameters in statements:
                scans += [scan async for scan in _scans(composition, statement, parameters)]
            said = f"scanned whole: {', '.join(scans) or 'none'}"
            section.rows.append(Row(route.name, f"{len(statements)} queries", "", said))
    finally:
        await composition.close()
    section.notes.append("A table of a few rows is scanned whole because that is cheaper than its index.")
    return section


async def _statements(composition: Composition, path: str) -> list[tuple[str, Sequence[Any]]]:
    seen: list[tuple[str, Sequence[Any]]] = []

    def note(_conn: object, _cursor: object, statement: str, parameters: Sequence[Any], *_: object) -> None:
        seen.append((statement, parameters))

    engine = composition.db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        status = await _ask(create_app(composition), path)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    if status != 200:
        raise RuntimeError(f"{path}: {status}")
    return seen


async def _ask(app: Any, path: str) -> int:
    status = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "state": {}}
    scope |= {"headers": [(b"host", b"localhost")], "http_version": "1.1", "scheme": "http", "root_path": ""}
    await app(
        {**scope, "server": ("localhost", 80), "client": ("127.0.0.1", 1), "asgi": {"version": "3.0"}}, receive, send
    )
    return status


async def _scans(composition: Composition, statement: str, parameters: Sequence[Any]) -> AsyncIterator[str]:
    """`table (rows read)` for each sequential scan in the plan that was carried out."""
    async with composition.db.read() as conn:
        raw = await conn.get_raw_connection()
        driver: Any = raw.driver_connection
        plan = await driver.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *parameters)
    for node in _nodes(msgspec.json.decode(plan)[0]["Plan"]):
        if node["Node Type"] == "Seq Scan" and node["Actual Loops"]:
            yield f"{node['Relation Name']} ({node['Actual Rows'] + node.get('Rows Removed by Filter', 0):.0f} rows)"


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)
