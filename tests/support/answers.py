"""What refusals promise: a problem document, and that nothing changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from sqlalchemy import text

from antiphon.kit.db import Database

__all__ = ["facts", "pointers", "refused", "rows", "unchanged"]

_KEPT = ("catalog", "media", "playback", "social", "live", "kit")
_ASIDE = {"catalog.stirred"}  # says that something may have changed, also where a statement found nothing to change


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem document; fails where the answer is none (RFC 9457)."""
    assert answer.headers["content-type"] == "application/problem+json", f"{answer.status_code} {answer.text}"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["title"]
    assert body["detail"]
    assert body["type"] == f"/docs/errors#{body['code']}"
    return answer.status_code, body["code"]


def pointers(answer: httpx.Response) -> set[str]:
    """Where the input was malformed."""
    assert refused(answer) == (422, "invalid_input"), answer.text
    return {error["pointer"] for error in answer.json()["errors"]}


async def rows(db: Database, query: str, **values: Any) -> list[Any]:
    async with db.system() as uow:
        return list((await uow.conn.execute(text(query), values)).all())


async def facts(db: Database, name: str) -> int:
    """How many facts of this name there are."""
    return int((await rows(db, "SELECT count(*) FROM kit.facts WHERE name = :name", name=name))[0][0])


async def _contents(db: Database, schemas: tuple[str, ...]) -> dict[str, str]:
    """A digest of every row of every table that holds people's things, facts and jobs too."""
    names = await rows(
        db,
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = ANY (:schemas)",
        schemas=schemas,
    )
    tables = [*sorted({name for (name,) in names} - _ASIDE), "public.procrastinate_jobs"]
    digests = " UNION ALL ".join(
        f"SELECT '{table}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
        for table in tables
    )
    return dict(tuple(row) for row in await rows(db, digests))


@asynccontextmanager
async def unchanged(db: Database, *also: str) -> AsyncIterator[None]:
    """Fails where the block changed any row of catalogue, media, playback, facts or jobs, or of the schemas `also`."""
    before = await _contents(db, _KEPT + also)
    yield
    after = await _contents(db, _KEPT + also)
    assert after == before, {table for table in after if after[table] != before.get(table)}
