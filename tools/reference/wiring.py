"""Jobs, handlers and roles: what is known only once a domain registers it, or its migration writes it."""

from __future__ import annotations

import ast
import inspect
import re
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

from antiphon.kit.jobs import JobRegistry, JobSpec
from antiphon.kit.relay import FactHandlers
from tools.reference.collect import modules

__all__ = ["Role", "jobs", "listeners", "purpose", "roles"]

ROOT = Path(__file__).resolve().parents[2]


class _Unused:
    """Stands for a database or a store while a domain registers; touching it says that registering does too much."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"registering reads {name}: wire only, work later")


@dataclass(slots=True)
class Role:
    name: str
    description: str
    permissions: list[str] = field(default_factory=list)


def jobs() -> list[JobSpec]:
    """By `register(registry, …)` or `specs(…)` of every domain's jobs, in order of their names."""
    registry = JobRegistry()
    for module in _named("jobs"):
        if register := getattr(module, "register", None):
            _call(register, registry)
        elif specs := getattr(module, "specs", None):
            for spec in _call(specs, registry):
                registry.add(spec)
    return registry.all()


def listeners() -> dict[str, tuple[str, ...]]:
    """Fact → the names of its handlers."""
    handlers = FactHandlers()
    for module in _named("handlers"):
        if register := getattr(module, "register", None):
            _call(register, handlers)
    return dict(handlers.by_fact())


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


def _named(file: str) -> list[types.ModuleType]:
    """The modules `antiphon.domains.<name>.<file>`; registration of a folder stands in its __init__."""
    return [m for m in modules() if re.fullmatch(rf"antiphon\.domains\.\w+\.{file}", m.__name__)]


def _call(function: Callable[..., Any], registry: JobRegistry | FactHandlers) -> Any:
    hints = get_type_hints(function)
    required = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
    values = {p.name: registry if hints.get(p.name) is type(registry) else _Unused() for p in required}
    positional = [values.pop(p.name) for p in required if p.kind is not p.KEYWORD_ONLY]
    return function(*positional, **values)
