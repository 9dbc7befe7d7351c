"""Jobs, handlers and roles: what is known only once everything is wired, or what a migration writes."""

from __future__ import annotations

import ast
import inspect
import re
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cyclopts import App

from antiphon.entry.cli.main import app
from antiphon.kit.jobs import JobSpec
from tools.sample_house import sample_house

__all__ = ["Role", "commands", "jobs", "listeners", "purpose", "roles"]

ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Role:
    name: str
    description: str
    permissions: list[str] = field(default_factory=list)


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


def roles() -> list[Role]:
    """What the migrations put into identity.roles and identity.role_permissions, in that order."""
    found: dict[str, Role] = {}
    for revision in sorted((ROOT / "src/antiphon/migrations/versions").glob("*.py")):
        tree = ast.parse(revision.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            pairs = re.findall(r"\('((?:[^']|'')+)',\s*'((?:[^']|'')+)'\)", node.value)
            if "INSERT INTO identity.roles" in node.value:
                found |= {name: Role(name, text.replace("''", "'")) for name, text in pairs}
            elif "INSERT INTO identity.role_permissions" in node.value:
                for name, permission in pairs:
                    found[name].permissions.append(permission)
    return list(found.values())
