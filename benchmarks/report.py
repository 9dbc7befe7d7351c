"""Figures as tables: what was measured, what was wanted, what a peer does or the limit is."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from antiphon.adapters.postgres.programs import MAJOR
from antiphon.kit.clock import SystemClock

__all__ = ["Row", "Section", "circumstances", "render"]


@dataclass(frozen=True, slots=True)
class Row:
    """`met` is None where there is no target."""

    what: str
    figure: str
    target: str = ""
    peer: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, str, str, str]:
        mark = {None: "", True: " (met)", False: " (missed)"}[self.met]
        return self.what, self.figure, f"{self.target}{mark}".strip(), self.peer


@dataclass(slots=True)
class Section:
    """One benchmark's table, with what has to be said beside it."""

    title: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


_HEADS = ("what", "figure", "target", "peer or limit")


def render(section: Section) -> str:
    """A table in Markdown, its columns aligned, that reads well on a terminal too."""
    lines = [_HEADS, *(row.cells() for row in section.rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(4)]

    def put(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    table = [put(_HEADS), put(["-" * width for width in widths]), *(put(line) for line in lines[1:])]
    notes = [f"- {note}" for note in section.notes]
    return "\n".join([f"## {section.title}", "", *table, *([""] if notes else []), *notes])


def circumstances() -> str:
    """When and on what the figures were measured, with nothing that says where."""
    model = platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        names = [line for line in described.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"Measured on {SystemClock().now():%Y-%m-%d}: {os.cpu_count()} cores ({model}), {platform.system()}, "
        f"Python {platform.python_version()}, PostgreSQL {MAJOR}, Granian {version('granian')}; "
        f"load average at that moment {load}."
    )
