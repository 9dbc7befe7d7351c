"""How long it takes until another device hears that the music is its own now, and where in the queue it is.

`python -m benchmarks handover`. Two devices of one person with 1,000 entries in the queue: one tells the other to take
over, and from where, as the web client does. Where there is a Chromium, two pages of one person hand over, too.
"""

from __future__ import annotations

import http.client
import json
import statistics
import time
from typing import Any
from uuid import uuid4

from websockets.sync.client import ClientConnection, connect

from benchmarks import catalogue
from benchmarks.browsers import NOT_MEASURED
from benchmarks.handover_pages import handed_between_pages
from benchmarks.house import House, Person, house, own_home
from benchmarks.report import Row, Section

__all__ = ["measure"]

TARGET_MS = 200.0
ENTRIES = 1_000
TIMES, WARM_UP = 200, 20
_PAGES = (
    "two Chromium: clicked here, the music moves here",
    "two Chromium: clicked here, the music moves there",
    "two Chromium: clicked here, the music there stands still",
)


def measure() -> list[Section]:
    with own_home() as home, house(home) as running:
        tracks = catalogue.fill(running.database_url).tracks[:ENTRIES]
        person = Person.register(running)
        handed, steered = _handed(running, person, tracks)
        pages = handed_between_pages(running, home.parent)
    rows = [
        _row("play on: the command there, and the place with it", handed),
        _row("pause, next: the command there", steered),
    ]
    notes = ["From before the first request to the event on the other device's WebSocket, on one machine."]
    if pages is None:
        notes.append(f"Two pages: {NOT_MEASURED}")
    for what, seconds in zip(_PAGES, pages or (), strict=False):
        rows.append(_row(what, seconds))
    return [Section(f"Hand-over between two devices, {ENTRIES:,} entries in the queue", rows, notes)]


def _row(what: str, seconds: list[float]) -> Row:
    cuts = statistics.quantiles(seconds, n=20)
    middle, most = statistics.median(seconds) * 1000, cuts[18] * 1000
    figure = f"p50 {middle:.0f} ms, p95 {most:.0f} ms"
    return Row(what, figure, f"< {TARGET_MS:.0f} ms", f"{len(seconds)} times", most < TARGET_MS)


class _Line:
    """A connection that stays open, as a browser's does."""

    def __init__(self, running: House, person: Person) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
        self._headers = {**person.headers, "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Any) -> Any:
        self._connection.request(method, f"/api/v1{path}", json.dumps(body), self._headers)
        response = self._connection.getresponse()
        answer = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {answer[:200]!r}")
        return json.loads(answer) if answer else None


def _handed(running: House, person: Person, tracks: list[str]) -> tuple[list[float], list[float]]:
    line, me, other = _Line(running, person), str(uuid4()), str(uuid4())
    for device, playing in ((other, False), (me, True)):
        line.ask("PUT", f"/stream/devices/{device}", {"name": "A browser", "kind": "browser", "playing": playing})
    user = person.ask("GET", "/users/me")["id"]
    entries = [{"id": str(uuid4()), "content_id": track} for track in tracks]
    current = entries[len(entries) // 2]["id"]
    replaced = {"id": str(uuid4()), "kind": "replace", "entries": entries, "current": current}
    line.ask("POST", "/stream/queue/commands", {"revision": 0, "commands": [replaced]})
    with connect(f"ws://localhost:{running.port}/ws") as socket:
        _listen(socket, person, [f"user:{user}:queue", f"user:{user}:devices"])
        handed, steered = [], []
        for n in range(WARM_UP + TIMES):
            taken = {"kind": "take_over", "entry": current, "position_ms": n}
            began = time.perf_counter()
            sent = line.ask("POST", f"/stream/devices/{other}/commands", taken)
            _until(socket, sent["id"])
            handed.append(time.perf_counter() - began)
            began = time.perf_counter()
            sent = line.ask("POST", f"/stream/devices/{other}/commands", {"kind": "pause"})
            _until(socket, sent["id"])
            steered.append(time.perf_counter() - began)
    return handed[WARM_UP:], steered[WARM_UP:]


def _listen(socket: ClientConnection, person: Person, topics: list[str]) -> None:
    token = person.headers["Authorization"].removeprefix("Bearer ")
    socket.send(json.dumps({"type": "auth", "token": token}))
    for topic in topics:
        socket.send(json.dumps({"type": "subscribe", "topic": topic}))
    left = set(topics)
    while left:
        message = json.loads(socket.recv(timeout=10))
        if message["type"] == "subscribed":
            left.discard(message["topic"])


def _until(socket: ClientConnection, sent: str) -> None:
    """The command is there. Raises TimeoutError."""
    while True:
        message = json.loads(socket.recv(timeout=10))
        if message["type"] == "event" and message["event"] == "command" and message["data"]["id"] == sent:
            return
