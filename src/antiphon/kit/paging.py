"""Keyset paging: an opaque cursor holds the sort key of the last row that was sent."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta

from antiphon.kit.errors import FieldProblem, Invalid

__all__ = ["MAX_LIMIT", "CountKey", "DayKey", "Page", "PageRequest", "TextKey", "TimeKey", "cut"]

T = TypeVar("T")
U = TypeVar("U")
K = TypeVar("K")
MAX_LIMIT = 100

# What a list can be sorted by, within what the database takes.
TextKey = Annotated[str, Meta(pattern=r"^[^\x00]*$", max_length=10_000)]
CountKey = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
TimeKey = Annotated[datetime, Meta(tz=True)]
DayKey = date | None  # what has no date stands at the end
_YEARS = range(1900, 9000)


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
            raise _foreign() from error

    def position(self, kind: type[K]) -> tuple[K, UUID] | None:
        """The sort key, as the list in question has it, and the id to go on from; None at the beginning.

        Raises Invalid where the cursor belongs to another list or was made up.
        """
        if self.after is None:
            return None
        try:
            found: tuple[Any, UUID] = msgspec.convert(self.after, tuple[kind, UUID])  # type: ignore[valid-type]
        except msgspec.ValidationError as error:
            raise _foreign() from error
        if isinstance(found[0], datetime) and found[0].year not in _YEARS:
            raise _foreign()
        return found


def _foreign() -> Invalid:
    return Invalid(FieldProblem("/cursor", "invalid_cursor", "This cursor was not made here."))


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
