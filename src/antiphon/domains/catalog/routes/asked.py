"""What many routes of the catalogue ask for in the same words."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar.params import HeaderParameter, QueryParameter

from antiphon.domains.identity.api import Actor
from antiphon.kit.ids import Kind, parse
from antiphon.kit.paging import PageRequest
from antiphon.kit.text import search_key

__all__ = [
    "Cursor",
    "IdempotencyKey",
    "IfMatch",
    "Library",
    "Limit",
    "Starting",
    "Year",
    "optional",
    "page_of",
    "viewer_of",
]

IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description='The ETag that was edited, such as "v3"')]
IdempotencyKey = Annotated[
    str | None, HeaderParameter(name="Idempotency-Key", description="Makes a repeat of this request harmless")
]
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before")]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]

Year = Annotated[int | None, QueryParameter(description="What came out in this year", ge=1, le=9998)]
Library = Annotated[str | None, QueryParameter(name="library_id", description="Of one library only")]
Starting = Annotated[
    str | None,
    QueryParameter(description="Begin with the first name that has these letters; lists by name only", max_length=100),
]


def page_of(cursor: str | None, limit: int, starting: str | None) -> PageRequest:
    """From where the page before ended, or from where names with these letters stand."""
    if cursor is None and starting:
        return PageRequest(limit, (search_key(starting), str(UUID(int=0))))
    return PageRequest.of(cursor, limit)


def viewer_of(actor: Actor | None) -> UUID | None:
    return actor.user_id if actor else None


def optional(kind: Kind, public_id: str | None) -> UUID | None:
    return parse(kind, public_id) if public_id else None
