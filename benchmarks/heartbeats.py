"""How many heartbeats of players are taken, each answered after its commit, and what a kill takes with it.

`python -m benchmarks heartbeats`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import psutil
import psycopg

from antiphon.kit.ids import Kind, out
from benchmarks.catalogue import fill
from benchmarks.house import House, Person, house, own_home
from benchmarks.report import Row, Section

__all__ = ["measure"]

PEOPLE, SESSIONS_EACH = 16, 2_000
BEATS = 18  # of a session: three minutes; the third of them counts the play
CONNECTIONS = 64
TARGET = 2_000.0
_SESSIONS = """
    INSERT INTO playback.sessions (track_id, user_id, event_id, started_at, threshold_ms, private, updated_at)
    SELECT (SELECT id FROM catalog.tracks ORDER BY id OFFSET n %% 1000 LIMIT 1), %s, gen_random_uuid(),
        now() - interval '1 day' - n * interval '4 minutes', 30000, false, now()
    FROM generate_series(1, %s) n RETURNING id
"""


def measure(seconds: float = 10.0) -> list[Section]:
    section = Section(f"Heartbeats: {CONNECTIONS} connections, {PEOPLE} people, every {BEATS // 3}th counts a play")
    with own_home() as home:
        with house(home) as running:
            listeners = _listeners(running)
            _tell(running, listeners, seconds=2)
            section.rows.append(_rate(running, listeners, seconds))
            told = _told_until_killed(running, listeners)
        section.rows.append(_kept(home, told))
    section.notes.append("The driver runs on the same cores as the server and the database.")
    return [section]


@dataclass(frozen=True, slots=True)
class _Listener:
    token: str
    sessions: Iterator[UUID]


def _listeners(running: House) -> list[_Listener]:
    """With sessions that began long ago, so that what they claim to have heard can have been heard."""
    fill(running.database_url)
    found = []
    with psycopg.connect(running.database_url, autocommit=True) as conn:
        for _ in range(PEOPLE):
            person = Person.register(running)
            user = conn.execute("SELECT id FROM identity.users WHERE handle = %s", (person.handle,)).fetchone()
            assert user is not None
            sessions = [row[0] for row in conn.execute(_SESSIONS, (user[0], SESSIONS_EACH))]
            found.append(_Listener(person.headers["Authorization"], iter(sessions)))
    return found


class _Player(asyncio.Protocol):
    """One connection: tells how far a session is, and the next when it has its answer. `heard` is what was
    acknowledged, in milliseconds by session."""

    def __init__(self, listener: _Listener, until: float, done: asyncio.Event) -> None:
        self.heard: dict[UUID, int] = {}
        self.latencies: list[float] = []
        self.failures = 0
        self._listener, self._until, self._done = listener, until, done
        self._session, self._beat = next(listener.sessions), 0
        self._buffer = bytearray()
        self._asked = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        assert self._transport is not None
        if time.perf_counter() >= self._until:
            self._transport.close()
            return
        if self._beat == BEATS:
            self._session, self._beat = next(self._listener.sessions), 0
        self._beat += 1
        told = {
            "session_id": out(Kind.PLAY_SESSION, self._session),
            "event_id": str(uuid4()),
            "position_ms": self._beat * 10_000,
            "played_ms": self._beat * 10_000,
        }
        body = msgspec.json.encode(told)
        head = (
            f"PUT /api/v1/stream/progress HTTP/1.1\r\nHost: localhost\r\nAuthorization: {self._listener.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._asked = time.perf_counter()
        self._transport.write(head.encode() + body)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._buffer.endswith(b"}"):  # answers are one small object
            return
        if self._buffer.startswith(b"HTTP/1.1 20"):
            self.heard[self._session] = self._beat * 10_000
            self.latencies.append((time.perf_counter() - self._asked) * 1000)
        else:
            self.failures += 1
        self._buffer.clear()
        self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        self._done.set()


def _tell(running: House, listeners: Sequence[_Listener], seconds: float, kill_after: float = 0) -> list[_Player]:
    async def run() -> list[_Player]:
        loop, made = asyncio.get_running_loop(), []
        until = time.perf_counter() + seconds
        for number in range(CONNECTIONS):
            done = asyncio.Event()
            player = _Player(listeners[number % len(listeners)], until, done)
            await loop.create_connection(lambda player=player: player, "127.0.0.1", running.port)  # type: ignore[misc]
            made.append((player, done))
        if kill_after:
            await asyncio.sleep(kill_after)
            _kill(running)
        for _, done in made:
            await done.wait()
        return [player for player, _ in made]

    return asyncio.run(run())


def _kill(running: House) -> None:
    """Everything of this house at once, the database too; nobody is told before."""
    ours = {one.pid for group in running.processes().values() for one in group} | {running.process.pid}
    for pid in ours:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    psutil.wait_procs([psutil.Process(pid) for pid in ours if psutil.pid_exists(pid)], timeout=10)
    running.process.wait()


def _rate(running: House, listeners: Sequence[_Listener], seconds: float) -> Row:
    web, database = running.cpu_s("web"), running.cpu_s("database")
    players = _tell(running, listeners, seconds)
    web, database = running.cpu_s("web") - web, running.cpu_s("database") - database
    latencies = sorted(one for player in players for one in player.latencies)
    count, failures = len(latencies), sum(player.failures for player in players)
    return Row(
        "taken and committed",
        f"{count / seconds:,.0f}/s; p50 {latencies[count // 2]:.1f}, p99 {latencies[count * 99 // 100]:.1f} ms"
        + (f"; {failures} FAILED" if failures else ""),
        f"≥ {TARGET:,.0f}/s",
        f"CPU a heartbeat: web {web / count * 1000:.2f}, database {database / count * 1000:.2f} ms",
        count / seconds >= TARGET and not failures,
    )


def _told_until_killed(running: House, listeners: Sequence[_Listener]) -> dict[UUID, int]:
    players = _tell(running, listeners, seconds=60, kill_after=3)
    return {session: heard for player in players for session, heard in player.heard.items()}


def _kept(home: Path, told: dict[UUID, int]) -> Row:
    with house(home) as again, psycopg.connect(again.database_url) as conn:
        query = "SELECT id, played_ms, counted_at IS NOT NULL FROM playback.sessions WHERE id = ANY (%s)"
        kept = {row[0]: row[1:] for row in conn.execute(query, (list(told),))}
        plays = "SELECT session_id FROM playback.plays WHERE session_id = ANY (%s)"
        counted = {row[0] for row in conn.execute(plays, (list(told),))}
    lost = sum(kept.get(one, (0, False))[0] < heard for one, heard in told.items())
    lost += sum(heard >= 30_000 and one not in counted for one, heard in told.items())
    acknowledged = sum(heard // 10_000 for heard in told.values())
    return Row(
        "killed (-9, with the database) while they come in",
        f"{lost} of {acknowledged:,} acknowledged ones lost, in {len(told):,} sessions",
        "0",
        "",
        lost == 0 and acknowledged > 0,
    )
