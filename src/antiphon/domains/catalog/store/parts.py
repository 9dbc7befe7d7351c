"""What stands beside works and artists in tables of its own: who performs, other names, members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.text import search_key

__all__ = ["creditable", "set_aliases", "set_artists", "set_members"]


async def creditable(conn: AsyncConnection, artist_ids: Sequence[UUID], viewer: UUID | None) -> set[UUID]:
    """Those of the artists that everybody sees, and those that the person manages."""
    statement = text(
        """
        SELECT a.id FROM catalog.artists a WHERE a.id = ANY (:ids)
        AND (a.approval = 'approved' AND a.withheld_at IS NULL OR EXISTS (
            SELECT FROM catalog.artist_managers m WHERE m.artist_id = a.id AND m.user_id = :viewer))
        """
    )
    return set((await conn.execute(statement, {"ids": list(artist_ids), "viewer": viewer})).scalars())


async def set_artists(
    conn: AsyncConnection, kind: Literal["album", "track"], row_id: UUID, artists: Sequence[dict[str, Any]]
) -> None:
    """All that perform, in order: (artist, credited_as, joined_by). The first is that of the row itself."""
    await conn.execute(
        text(f"DELETE FROM catalog.{kind}_artists WHERE {kind}_id = :id AND position > 0"), {"id": row_id}
    )
    statement = text(
        f"""
        INSERT INTO catalog.{kind}_artists AS x ({kind}_id, position, artist_id, credited_as, joined_by)
        SELECT :id, r.position, r.artist, r.credited_as, r.joined_by FROM jsonb_to_recordset(CAST(:rows AS jsonb))
            AS r(position int, artist uuid, credited_as text, joined_by text)
        ON CONFLICT ({kind}_id, position) DO UPDATE SET credited_as = excluded.credited_as,
            joined_by = excluded.joined_by
        """
    )
    rows = [{"position": position, **artist} for position, artist in enumerate(artists)]
    await conn.execute(statement, {"id": row_id, "rows": msgspec.json.encode(rows).decode()})


async def set_aliases(conn: AsyncConnection, artist_id: UUID, aliases: Sequence[dict[str, Any]]) -> None:
    await conn.execute(text("DELETE FROM catalog.artist_aliases WHERE artist_id = :id"), {"id": artist_id})
    statement = text(
        """
        INSERT INTO catalog.artist_aliases (artist_id, name, search_key, language)
        SELECT :id, r.name, r.key, r.language
        FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(name text, key text, language text)
        """
    )
    by_name = {alias["name"]: alias | {"key": search_key(alias["name"])} for alias in aliases}
    if by_name:
        rows = msgspec.json.encode(list(by_name.values())).decode()
        await conn.execute(statement, {"id": artist_id, "rows": rows})


async def set_members(conn: AsyncConnection, group_id: UUID, members: Sequence[dict[str, Any]]) -> None:
    """Each with `artist`, `role`, `since_year` and `until_year`."""
    await conn.execute(text("DELETE FROM catalog.artist_members WHERE group_id = :id"), {"id": group_id})
    statement = text(
        """
        INSERT INTO catalog.artist_members (group_id, member_id, role, since_year, until_year)
        SELECT :id, r.artist, r.role, r.since_year, r.until_year FROM jsonb_to_recordset(CAST(:rows AS jsonb))
            AS r(artist uuid, role text, since_year int, until_year int)
        """
    )
    if members:
        await conn.execute(statement, {"id": group_id, "rows": msgspec.json.encode(list(members)).decode()})
