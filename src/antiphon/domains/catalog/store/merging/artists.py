"""Everything here that points at an artist goes over to another one, and back; other domains hear of it by facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.store.merging.record import ask, bring_back, encoded, fill, run, unfill
from antiphon.kit.pointers import Pointer, move, move_back

__all__ = ["merge", "unmerge"]

MANAGERS = Pointer("catalog.artist_managers", "artist_id", ("user_id",))
_FILLED = ("mbid", "bio", "image", "import_key")
_PERFORMERS = """
    SELECT coalesce(jsonb_object_agg(w.id, w.performers), '{{}}') FROM (
        SELECT x.{kind}_id AS id, jsonb_agg(jsonb_build_object('position', x.position, 'artist_id', x.artist_id,
            'credited_as', x.credited_as, 'joined_by', x.joined_by) ORDER BY x.position) AS performers
        FROM catalog.{kind}_artists x WHERE x.{kind}_id {which} GROUP BY x.{kind}_id
    ) w
"""
_OF_IT = "IN (SELECT {kind}_id FROM catalog.{kind}_artists WHERE artist_id = :gone)"
_BESIDE = {
    "members": "SELECT coalesce(jsonb_agg(to_jsonb(m)), '[]') FROM catalog.artist_members m "
    "WHERE :of IN (group_id, member_id)",
    "aliases": "SELECT coalesce(jsonb_agg(to_jsonb(a)), '[]') FROM catalog.artist_aliases a WHERE a.artist_id = :of",
}
_BEFORE = {
    "row": "SELECT to_jsonb(a) FROM catalog.artists a WHERE a.id = :gone",
    "albums": "SELECT coalesce(jsonb_agg(id), '[]') FROM catalog.albums WHERE artist_id = :gone",
    "tracks": "SELECT coalesce(jsonb_agg(id), '[]') FROM catalog.tracks WHERE artist_id = :gone",
    "credits": "SELECT coalesce(jsonb_agg(jsonb_build_object('track_id', track_id, 'position', position)), '[]') "
    "FROM catalog.track_credits WHERE artist_id = :gone",
}
_STEPS = (
    "UPDATE catalog.albums SET artist_id = :into, version = version + 1, updated_at = :now WHERE artist_id = :gone",
    "UPDATE catalog.tracks SET artist_id = :into, version = version + 1, updated_at = :now WHERE artist_id = :gone",
    *(
        statement
        for kind in ("album", "track")
        for statement in (
            f"DELETE FROM catalog.{kind}_artists x WHERE x.artist_id = :gone AND EXISTS (SELECT FROM "
            f"catalog.{kind}_artists o WHERE o.{kind}_id = x.{kind}_id AND o.artist_id = :into)",
            f"UPDATE catalog.{kind}_artists SET artist_id = :into WHERE artist_id = :gone",
        )
    ),
    "UPDATE catalog.track_credits SET artist_id = :into WHERE artist_id = :gone",
    """
    INSERT INTO catalog.artist_members (group_id, member_id, role, since_year, until_year)
    SELECT * FROM (
        SELECT CASE group_id WHEN :gone THEN CAST(:into AS uuid) ELSE group_id END AS one,
               CASE member_id WHEN :gone THEN CAST(:into AS uuid) ELSE member_id END AS other, role, since_year,
               until_year
        FROM catalog.artist_members WHERE :gone IN (group_id, member_id)
    ) x WHERE x.one <> x.other ON CONFLICT DO NOTHING
    """,
    "DELETE FROM catalog.artist_members WHERE :gone IN (group_id, member_id)",
    """
    INSERT INTO catalog.artist_aliases (artist_id, name, search_key, language)
    SELECT CAST(:into AS uuid), x.name, x.search_key, x.language FROM (
        SELECT name, search_key, language FROM catalog.artist_aliases WHERE artist_id = :gone
        UNION ALL SELECT name, search_key, NULL FROM catalog.artists WHERE id = :gone
    ) x WHERE x.search_key <> (SELECT search_key FROM catalog.artists WHERE id = :into) ON CONFLICT DO NOTHING
    """,
)


async def merge(conn: AsyncConnection, gone: UUID, into: UUID, now: datetime) -> dict[str, Any]:
    """Answers what moved. What the other lacks it gets: picture, words, id of MusicBrainz, and the key by which
    imports find it."""
    moved = {name: await ask(conn, statement, gone=gone) for name, statement in _BEFORE.items()}
    for kind in ("album", "track"):
        which = _OF_IT.format(kind=kind)
        moved[f"{kind}_performers"] = await ask(conn, _PERFORMERS.format(kind=kind, which=which), gone=gone)
    had = {name: await ask(conn, statement, of=into) for name, statement in _BESIDE.items()}
    moved |= {name: await ask(conn, statement, of=gone) for name, statement in _BESIDE.items()}
    await run(conn, _STEPS, {"gone": gone, "into": into, "now": now})
    await move(conn, MANAGERS, gone, into)
    await conn.execute(text("DELETE FROM catalog.artists WHERE id = :gone"), {"gone": gone})
    for kind in ("album", "track"):
        works = [UUID(work) for work in moved[f"{kind}_performers"]]
        statement = _PERFORMERS.format(kind=kind, which="= ANY (:works)")
        moved[f"{kind}_performers_then"] = await ask(conn, statement, works=works)
    for name, statement in _BESIDE.items():
        moved[f"{name}_made"] = [row for row in await ask(conn, statement, of=into) if row not in had[name]]
    return moved | {"filled": await fill(conn, "artists", _FILLED, moved["row"], into)}


async def unmerge(conn: AsyncConnection, gone: UUID, into: UUID, moved: Mapping[str, Any], now: datetime) -> None:
    """Works whose performers were edited since stay as they were edited, and with whom."""
    await unfill(conn, "artists", moved["filled"], into)
    await bring_back(conn, "artists", moved["row"])
    for kind in ("album", "track"):
        await _give_back(conn, kind, gone, into, moved, now)
    statement = text(
        """
        UPDATE catalog.track_credits c SET artist_id = :gone
        FROM jsonb_to_recordset(CAST(:credits AS jsonb)) AS r(track_id uuid, position int)
        WHERE c.track_id = r.track_id AND c.position = r.position AND c.artist_id = :into
        """
    )
    await conn.execute(statement, {"gone": gone, "into": into, "credits": encoded(moved["credits"])})
    for name, steps in _BACK_BESIDE.items():
        await run(conn, steps, {"made": encoded(moved[f"{name}_made"]), "was": encoded(moved[name])})
    await move_back(conn, MANAGERS, gone, into)


async def _give_back(
    conn: AsyncConnection, kind: str, gone: UUID, into: UUID, moved: Mapping[str, Any], now: datetime
) -> None:
    before, then = moved[f"{kind}_performers"], moved[f"{kind}_performers_then"]
    statement = _PERFORMERS.format(kind=kind, which="= ANY (:works)")
    present = await ask(conn, statement, works=[UUID(work) for work in before])
    as_left = [work for work in before if present.get(work) == then.get(work)]
    owned = [UUID(work) for work in moved[f"{kind}s"] if work in as_left]
    rows = [{"work": work, **entry} for work in as_left for entry in before[work]]
    values = {"gone": gone, "into": into, "now": now, "works": [UUID(work) for work in as_left]}
    steps = [statement.format(kind=kind) for statement in _GIVE_BACK]
    await run(conn, steps, values | {"owned": owned, "rows": encoded(rows)})


_GIVE_BACK = (
    "UPDATE catalog.{kind}s SET artist_id = :gone, version = version + 1, updated_at = :now "
    "WHERE id = ANY (:owned) AND artist_id = :into",
    "DELETE FROM catalog.{kind}_artists WHERE {kind}_id = ANY (:works) AND position > 0",
    """
    INSERT INTO catalog.{kind}_artists AS x ({kind}_id, position, artist_id, credited_as, joined_by)
    SELECT r.work, r.position, r.artist_id, r.credited_as, r.joined_by FROM jsonb_to_recordset(CAST(:rows AS jsonb))
        AS r(work uuid, position int, artist_id uuid, credited_as text, joined_by text)
    ON CONFLICT ({kind}_id, position) DO UPDATE SET credited_as = excluded.credited_as,
        joined_by = excluded.joined_by
    """,
)
_BACK_BESIDE = {
    "members": (
        """
        DELETE FROM catalog.artist_members m
        USING jsonb_populate_recordset(NULL::catalog.artist_members, CAST(:made AS jsonb)) AS r
        WHERE m.group_id = r.group_id AND m.member_id = r.member_id AND m.role = r.role
        """,
        """
        INSERT INTO catalog.artist_members
        SELECT r.* FROM jsonb_populate_recordset(NULL::catalog.artist_members, CAST(:was AS jsonb)) AS r
        WHERE EXISTS (SELECT FROM catalog.artists a WHERE a.id = r.group_id)
          AND EXISTS (SELECT FROM catalog.artists a WHERE a.id = r.member_id) ON CONFLICT DO NOTHING
        """,
    ),
    "aliases": (
        """
        DELETE FROM catalog.artist_aliases x
        USING jsonb_populate_recordset(NULL::catalog.artist_aliases, CAST(:made AS jsonb)) AS r
        WHERE x.artist_id = r.artist_id AND x.name = r.name
        """,
        """
        INSERT INTO catalog.artist_aliases
        SELECT r.* FROM jsonb_populate_recordset(NULL::catalog.artist_aliases, CAST(:was AS jsonb)) AS r
        ON CONFLICT DO NOTHING
        """,
    ),
}
