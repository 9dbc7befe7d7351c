"""Cold and warm start, and resident memory: idle, after load, while four uploads are worked on.

`python -m benchmarks starts`.
"""

from __future__ import annotations

import time

from benchmarks.driver import drive
from benchmarks.fixtures import one_minute_wav
from benchmarks.house import House, Person, house, own_home
from benchmarks.report import Row, Section

__all__ = ["measure"]

WARM_S, MEMORY_MB = 5.0, 600.0
UPLOADS = 4
_LOOK_S = 0.25
_GIVE_UP_S = 300.0
_SETTLE_S = 20.0


def measure() -> list[Section]:
    starts = Section("Starts, from the command to the first good answer of /health/ready")
    memory = Section("Resident memory of all processes (proportional set size)")
    with own_home() as home:
        home.parent.mkdir(parents=True, exist_ok=True)
        wav = one_minute_wav(home.parent)
        with house(home) as first:
            starts.rows.append(Row("cold: makes the database, migrates", f"{first.ready_s:.1f} s"))
            Person.register(first)
        with house(home) as second:
            warm = second.ready_s
            starts.rows.append(Row("warm: the second start", f"{warm:.1f} s", f"< {WARM_S:.0f} s", "", warm < WARM_S))
            _settle(second)
            memory.rows.append(_row("idle after start", second.memory()))
            drive(second.port, ["/api/v1/content/discover", "/health/live"], connections=16, seconds=4.0)
            memory.rows.append(_row("after load", second.memory()))
            person = Person.register(second)
            tracks = [person.upload(wav, f"Song {number}")[0] for number in range(UPLOADS)]
            memory.rows.append(
                _row(f"highest while {UPLOADS} uploads of a minute are worked on", _highest(second, person, tracks))
            )
            memory.rows.append(_row("idle after that", second.memory()))
    return [starts, memory]


def _settle(running: House) -> None:
    """The worker comes up after the web server is ready, and a short-lived command prints the sign-in link."""
    until = time.monotonic() + _SETTLE_S
    while time.monotonic() < until:
        if "worker" in running.processes() and len(running.processes().get("supervisor", [])) == 1:
            time.sleep(1.0)
            return
        time.sleep(_LOOK_S)


def _highest(running: House, person: Person, tracks: list[str]) -> dict[str, float]:
    until = time.monotonic() + _GIVE_UP_S
    highest: dict[str, float] = {}
    while time.monotonic() < until:
        now = running.memory()
        highest = max(highest, now, key=lambda sizes: sum(sizes.values()))
        states = [person.ask("GET", f"/content/{track}") for track in tracks]
        if all(state["renditions_complete"] or state["status"] == "failed" for state in states):
            return highest
        time.sleep(_LOOK_S)
    raise RuntimeError(f"the uploads were not done after {_GIVE_UP_S:.0f} s")


def _row(what: str, sizes: dict[str, float]) -> Row:
    total = sum(sizes.values())
    parts = ", ".join(f"{role} {size:.0f}" for role, size in sorted(sizes.items(), key=lambda item: -item[1]))
    return Row(what, f"{total:.0f} MB", f"< {MEMORY_MB:.0f} MB", parts, total < MEMORY_MB)
