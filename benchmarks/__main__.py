"""`python -m benchmarks [NAME …] [--write]`: all of them, or those that are named."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    byte_ranges,
    first_sound,
    gateway,
    handover,
    heartbeats,
    hls,
    identity,
    jam,
    latency,
    library,
    limits,
    processing,
    search,
    starts,
    subsonic,
    transcode,
)
from benchmarks.relevance import relevance
from benchmarks.report import Section, circumstances, render
from benchmarks.results import merged

BENCHMARKS: dict[str, Callable[[], list[Section]]] = {
    "processing": processing.measure,
    "encodes": processing.measure_encodes,
    "latency": latency.measure,
    "limits": limits.measure,
    "identity": identity.measure,
    "search": search.measure,
    "relevance": lambda: [relevance()],
    "ranges": byte_ranges.measure,
    "heartbeats": heartbeats.measure,
    "starts": starts.measure,
    "sound": first_sound.measure,
    "jam": jam.measure,
    "library": library.measure,
    "transcode": transcode.measure,
    "hls": hls.measure,
    "subsonic": subsonic.measure,
    "gateway": gateway.measure,
    "handover": handover.measure,
}
RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all when none is given")
    parser.add_argument("--write", action="store_true", help=f"put the tables into benchmarks/{RESULTS.name}")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark called {', '.join(unknown)}")
    began = time.monotonic()
    for name in given.names or BENCHMARKS:
        print(f"... {name}", flush=True)
        when = circumstances()
        sections = BENCHMARKS[name]()
        sections[0].notes.append(when)
        tables = "\n\n".join(render(section) for section in sections)
        print(f"{tables}\n", flush=True)
        if given.write:  # after each: what was measured stays measured when a later one fails
            text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
            RESULTS.write_text(merged(text, {name: tables}, BENCHMARKS), encoding="utf-8")
    print(f"Took {time.monotonic() - began:.0f} s.")


if __name__ == "__main__":
    main()
