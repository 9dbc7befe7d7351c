"""Jobs, handlers and roles: what is known only once everything is wired, or what a migration writes."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from typing import Any

from cyclopts import App

from antiphon.entry.cli.main import app
from antiphon.kit.jobs import JobSpec
from tools.sample_house import sample_house

__all__ = ["commands", "jobs", "listeners", "purpose"]


def jobs() -> list[JobSpec]:
    return sample_house().jobs.all()


def listeners() -> dict[str, tuple[str, ...]]:
    """Fact → the names of its handlers."""
    return dict(sample_house().handlers.by_fact())


def commands(parent: App = app, path: str = "antiphon") -> list[tuple[str, str]]:
    """(command line, what it does), groups of commands opened up."""
    found = []
    for name in parent:
        if name.startswith("-"):
            continue
        inner = commands(parent[name], f"{path} {name}")
        found += inner or [(f"{path} {name}", parent[name].help)]
    return found


def purpose(function: Callable[..., Any]) -> str:
    """The first line of its docstring; of the function that it wraps, where it has none itself."""
    if doc := inspect.getdoc(function):
        return doc.partition("\n")[0]
    cells = getattr(function, "__closure__", None) or ()
    wrapped = (cell.cell_contents for cell in cells)
    return next((purpose(inner) for inner in wrapped if isinstance(inner, (types.FunctionType, types.MethodType))), "")
