"""Finds what the reference pages list, by looking at the code that is imported."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from prometheus_client.metrics import MetricWrapperBase

import antiphon
from antiphon.kit import facts, metrics
from antiphon.kit.errors import AppError
from antiphon.kit.settings import Settings

__all__ = ["Setting", "error_types", "fact_types", "metric_objects", "modules", "settings"]

_NOT_IMPORTED = ("__main__", "versions", "env")  # programs and revisions: importing them would run them


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    kind: str
    default: str
    text: str


@cache
def modules() -> tuple[ModuleType, ...]:
    """Every module of the package that can be imported without starting something."""
    return tuple(importlib.import_module(name) for name in sorted(_names(list(antiphon.__path__), "antiphon.")))


def _names(path: list[str], prefix: str) -> Iterator[str]:
    for found in pkgutil.iter_modules(path, prefix):
        if found.name.rpartition(".")[2] in _NOT_IMPORTED:
            continue
        yield found.name
        if found.ispkg:
            package = importlib.import_module(found.name)
            yield from _names(list(package.__path__), f"{found.name}.")


def settings() -> list[Setting]:
    hints = get_type_hints(Settings, include_extras=True)
    return [
        Setting(field.name, _kind(hints[field.name]), _default(field.default), _description(hints[field.name]))
        for field in msgspec.structs.fields(Settings)
    ]


def error_types() -> list[type[AppError]]:
    """Every error with a code of its own, by code. Two types may not share one."""
    modules()
    found = {error for error in _below(AppError) if "code" in error.__dict__}
    return sorted(found, key=lambda error: (error.code, error.__module__))


def fact_types() -> list[type[facts.Fact]]:
    modules()
    return [fact for _, fact in sorted(facts.fact_types().items()) if fact.__module__.startswith("antiphon.")]


def metric_objects() -> list[MetricWrapperBase]:
    modules()
    values = vars(metrics).values()
    return sorted({v for v in values if isinstance(v, MetricWrapperBase)}, key=lambda metric: str(metric._name))


def _below(parent: type[AppError]) -> Iterator[type[AppError]]:
    for child in parent.__subclasses__():
        if child.__module__.startswith("antiphon."):
            yield child
            yield from _below(child)


def _description(hint: Any) -> str:
    metas = [meta for meta in get_args(hint)[1:] if isinstance(meta, msgspec.Meta)]
    return next((meta.description for meta in metas if meta.description), "")


def _kind(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        meta = next((m for m in get_args(hint)[1:] if isinstance(m, msgspec.Meta)), msgspec.Meta())
        return f"{_kind(get_args(hint)[0])}{_bounds(meta)}"
    if get_origin(hint) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(hint))
    if get_origin(hint) in {list, tuple}:
        return "tables"
    options = [option for option in get_args(hint) if option is not type(None)]
    if options:
        return _kind(options[0])
    words = {"bool": "0 or 1", "int": "whole number", "str": "text", "Path": "folder"}
    return words.get(getattr(hint, "__name__", ""), str(hint))


def _bounds(meta: msgspec.Meta) -> str:
    if meta.ge is not None and meta.le is not None:
        return f", {meta.ge} to {meta.le}"
    return f", {meta.ge} or more" if meta.ge is not None else ""


def _default(value: Any) -> str:
    if value is None or value is msgspec.NODEFAULT:
        return "none"
    if isinstance(value, bool):
        return "`1`" if value else "`0`"
    gib = 1024**3
    if isinstance(value, int) and value >= gib and value % gib == 0:
        return f"`{value}` ({value // gib} GiB)"
    return f"`{value}`"
