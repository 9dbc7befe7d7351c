"""The product's log within a test: what was configured before is put back, and no logger keeps what is in between."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from antiphon.kit.logs import configure_logs

__all__ = ["logging_as"]


@contextmanager
def logging_as(level: str, form: str) -> Iterator[None]:
    before, handlers = structlog.get_config(), logging.getLogger().handlers[:]
    configure_logs(level, form)
    structlog.configure(cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.configure(**before)
        logging.getLogger().handlers[:] = handlers
