"""What the house knows of a person: every domain says what it keeps, hands it out, takes it in and forgets it.

A domain builds one `PersonalData`; the composition root puts them into one `PersonalRegistry`. Export, import, erasure
and the data map in the docs are made from that registry alone, so a domain that is added later only registers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.db import Database, UnitOfWork

__all__ = [
    "Candidate",
    "Contribution",
    "Holding",
    "Luggage",
    "PersonalData",
    "PersonalRegistry",
    "StoredFile",
    "records_path",
]

R = TypeVar("R", bound=msgspec.Struct)
Rows = Callable[[AsyncConnection, UUID], AsyncIterator[msgspec.Struct]]
Files = Callable[[AsyncConnection, UUID], AsyncIterator["StoredFile"]]
Erase = Callable[[UnitOfWork, UUID], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Bytes that belong into the archive: their place in it, and their key in the object store."""

    path: str
    key: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """One kind of record in an export: `data/<name>.jsonl`, a line a record, described by the type's JSON Schema."""

    name: str
    about: str
    record: type[msgspec.Struct]
    rows: Rows
    files: Files | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """One table with something of people in it, for the data map.

    `exported` names contributions. Where it is empty, `not_exported` says why.
    """

    table: str
    what: str
    why: str
    kept: str
    erased: str
    exported: tuple[str, ...] = ()
    not_exported: str = ""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A work of this install that one of an archive may be, with what people tell it from others by."""

    id: str
    title: str
    artist: str = ""
    album: str = ""
    version: str = ""
    duration_ms: int | None = None


class Luggage(Protocol):
    """What an import brings, for the domains that take it in.

    What was taken is remembered by the id that it had in the install it came from, so that the same archive, read
    twice, makes nothing twice.
    """

    db: Database
    user_id: UUID
    publish: bool
    """Whether what was public where it came from becomes so again."""
    reviewing: bool
    """What is made of works of others is only looked for: `found` and `unsure` are said, and nothing is made."""

    def records(self, name: str, kind: type[R]) -> AsyncIterator[R]:
        """The records of one contribution, checked against their type; those that do not fit are left and reported."""

    def has_file(self, path: str) -> bool: ...

    def file(self, path: str) -> AbstractAsyncContextManager[Path]:
        """A file of the archive, unpacked for the time of the block. Whoever moves it away keeps it."""

    async def target(self, conn: AsyncConnection, name: str, source: str) -> UUID | None:
        """What became of the record of contribution `name` that had the id `source`; None while nothing did."""

    async def targets(self, conn: AsyncConnection, name: str, sources: Sequence[str]) -> dict[str, UUID]:
        """Of many at once; those that nothing became of are left out."""

    async def remember(self, uow: UnitOfWork, name: str, source: str, target: UUID) -> None:
        """To be done in the unit of work that makes the target."""

    async def taken(self, uow: UnitOfWork, name: str, count: int = 1) -> None:
        """To be said in the unit of work that takes them, so that the report is right whatever falls over."""

    def found(self, name: str, count: int) -> None:
        """So many records of contribution `name` will be taken; in a review."""

    def unsure(self, name: str, source: str, label: str, candidates: Sequence[Candidate]) -> None:
        """The work `source`, an id of contribution `name`, may be each of these: its person chooses."""

    def left(self, name: str, source: str, reason: str, label: str = "") -> None:
        """Not taken; `reason` is a stable code that the client has words for, `label` what people know it by."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Everything that one domain keeps of people. `erase` survives being run twice; `take` goes on where it fell."""

    domain: str
    holdings: tuple[Holding, ...]
    erase: Erase
    contributions: tuple[Contribution, ...] = ()
    take: Callable[[Luggage], Awaitable[None]] | None = None


class PersonalRegistry:
    """All domains, lowest first: what is referred to is exported and taken in before what refers to it."""

    def __init__(self, data: Iterable[PersonalData] = ()) -> None:
        self._data: list[PersonalData] = []
        for one in data:
            self.add(one)

    def add(self, data: PersonalData) -> None:
        known = {contribution.name for contribution in self.contributions()}
        names = [contribution.name for contribution in data.contributions]
        if len(set(names) | known) != len(names) + len(known):
            raise ValueError(f"two contributions of one name: {names}")
        unknown = {name for holding in data.holdings for name in holding.exported} - set(names) - known
        if unknown:
            raise ValueError(f"no such contribution: {unknown}")
        silent = [h.table for h in data.holdings if bool(h.exported) == bool(h.not_exported)]
        if silent:
            raise ValueError(f"say either where it is exported or why not: {silent}")
        self._data.append(data)

    def all(self) -> Sequence[PersonalData]:
        return tuple(self._data)

    def contributions(self) -> list[Contribution]:
        return [contribution for data in self._data for contribution in data.contributions]

    def schemas(self) -> dict[str, dict[str, Any]]:
        """JSON Schema (2020-12) of every contribution's record, by name."""
        return {c.name: msgspec.json.schema(c.record) for c in self.contributions()}


def records_path(name: str) -> str:
    """Where the records of a contribution lie in the archive."""
    return f"data/{name}.jsonl"
