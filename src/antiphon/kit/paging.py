"""Keyset paging: an opaque cursor holds the sort key of the last row that was sent."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from antiphon.kit.errors import FieldProblem, Invalid

__all__ = ["MAX_LIMIT", "Page", "PageRequest", "cut"]

T = TypeVar("T")
U = TypeVar("U")
MAX_LIMIT = 100


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`after` is the decoded sort key to go on from; `limit` is within 1 … MAX_LIMIT."""

    limit: int
    after: tuple[Any, ...] | None = None

    @classmethod
    def of(cls, cursor: str | None, limit: int) -> PageRequest:
        limit = max(1, min(limit, MAX_LIMIT))
        if cursor is None:
            return cls(limit)
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            return cls(limit, tuple(msgspec.json.decode(raw, type=list[str | int | None])))
        except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
            problem = FieldProblem("/cursor", "invalid_cursor", "This cursor was not made here.")
            raise Invalid(problem) from error


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: list[T]
    next: str | None

    def map(self, change: Callable[[T], U]) -> Page[U]:
        return Page([change(item) for item in self.items], self.next)


def cut(rows: Sequence[T], request: PageRequest, key: Callable[[T], tuple[str | int | None, ...]]) -> Page[T]:
    """Make a page of rows that were asked for with `limit + 1`; the surplus row only says that more follow."""
    if len(rows) <= request.limit:
        return Page(list(rows), None)
    items = list(rows[: request.limit])
    cursor = base64.urlsafe_b64encode(msgspec.json.encode(key(items[-1]))).rstrip(b"=").decode()
    return Page(items, cursor)
