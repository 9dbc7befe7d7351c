"""Jobs, handlers and roles: what is known only once everything is wired, or what a migration writes."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Sequence
from typing import Any

from cyclopts import App

from antiphon.entry.cli.main import app
from antiphon.entry.http.app import create_api
from antiphon.kit.cost import class_of
from antiphon.kit.jobs import JobSpec
from antiphon.kit.personal import PersonalData
from tools.sample_house import sample_house

__all__ = ["commands", "jobs", "listeners", "named_costs", "personal", "purpose"]


def jobs() -> list[JobSpec]:
    return sample_house().jobs.all()


def listeners() -> dict[str, tuple[str, ...]]:
    """Fact → the names of its handlers."""
    return dict(sample_house().handlers.by_fact())


def personal() -> Sequence[PersonalData]:
    """What each domain keeps of people, the lowest first."""
    return sample_house().identity.privacy.registry.all()


def commands(parent: App = app, path: str = "antiphon") -> list[tuple[str, str]]:
    """(command line, what it does), groups of commands opened up."""
    found = []
    for name in parent:
        if name.startswith("-"):
            continue
        inner = commands(parent[name], f"{path} {name}")
        found += inner or [(f"{path} {name}", parent[name].help)]
    return found


def named_costs() -> list[tuple[str, str]]:
    """(method and path, cost class) of the routes whose class is not the one of their method."""
    found = []
    for route in create_api().routes:
        for handler in getattr(route, "route_handlers", ()):
            for method in getattr(handler, "http_methods", ()):
                name = class_of(handler.opt, method)
                if name != class_of({}, method) and route.path_format.startswith("/api/"):
                    found.append((f"{method} {route.path_format}", name))
    return sorted(found, key=lambda pair: (pair[1], pair[0].partition(" ")[2]))


def purpose(function: Callable[..., Any]) -> str:
    """The first line of its docstring; of the function that it wraps, where it has none itself."""
    if doc := inspect.getdoc(function):
        return doc.partition("\n")[0]
    cells = getattr(function, "__closure__", None) or ()
    wrapped = (cell.cell_contents for cell in cells)
    return next((purpose(inner) for inner in wrapped if isinstance(inner, (types.FunctionType, types.MethodType))), "")
