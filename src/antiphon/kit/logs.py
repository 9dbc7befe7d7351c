"""Structured logs with the request's or the job's id on every line."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from typing import Any

import structlog

__all__ = ["REQUEST_ID", "configure_logs", "get_logger"]

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Of the request that is being answered. A variable of its own: binding it to the logger costs ten times as much."""

# Names under which URLs carry secrets: Subsonic's sign-in (u, p, t, s, apiKey), signatures, redirects of other sites.
_IN_URLS = re.compile(
    r"((?:^|[?&#;\s\"'])(?:u|p|t|s|apikey|sig|token|access_token|id_token|refresh_token|code|state|ticket|password)=)"
    r"[^&#;\s\"']+",
    re.IGNORECASE,
)
_ANYWHERE = re.compile(r"\b(ak_)[0-9a-z]{8,}|\b(Bearer )[\w.~+/=-]{8,}")


def _named(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    request_id = REQUEST_ID.get()
    if request_id is not None:
        event["request_id"] = request_id
    return event


def _redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        event[key] = _blanked(value)
    return event


def _blanked(value: Any) -> Any:
    """The value without secrets, whatever it is made of; what is neither text nor a collection stays as it is."""
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if isinstance(value, str):
        if "=" in value:
            value = _IN_URLS.sub(r"\1…", value)
        if "ak_" in value or "Bearer " in value:
            value = _ANYWHERE.sub(lambda found: f"{found[1] or found[2]}…", value)
        return value
    if isinstance(value, Mapping):
        return {key: _blanked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_blanked(inner) for inner in value]
    return value


def configure_logs(level: str, form: str) -> None:
    """Once a process. Secrets in URLs, keys and bearer tokens are blanked on every line, in stack traces too."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _named,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=renderer))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def get_logger(name: str) -> Any:
    return structlog.get_logger(name)
