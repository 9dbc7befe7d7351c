"""Tracks with their genres, credits, progress and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, TextClause, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model import IGNORED_ARTICLES
from antiphon.domains.catalog.store.rows import MANAGED, PERFORMERS
from antiphon.domains.catalog.tables import tracks
from antiphon.kit.paging import CountKey, PageRequest, TextKey, TimeKey
from antiphon.kit.text import search_key

# Written as the index has it.
_SORTED = f"regexp_replace(t.search_key, '^({'|'.join(IGNORED_ARTICLES).lower()}) ', '')"
_EDITABLE = f"t.artist_id = ANY ({MANAGED})"
_FIELDS = f"""
    SELECT t.id, t.title, t.artist_id, a.name AS artist_name, t.album_id, b.title AS album_title, t.disc_number,
           t.track_number, coalesce(t.cover, b.cover) AS cover, t.duration_ms, t.explicit, t.isrc, t.description,
           t.year, t.status, t.published_at, t.renditions_complete, t.version, t.created_at, t.search_key,
           p.step, p.percent, p.error_code, p.error_detail, coalesce(s.plays, 0) AS plays,
           {_EDITABLE} AS editable, t.library_id,
           (SELECT jsonb_agg(jsonb_build_array(g.id, g.name) ORDER BY g.name)
            FROM catalog.track_genres tg JOIN catalog.genres g ON g.id = tg.genre_id
            WHERE tg.track_id = t.id) AS genres,
           (SELECT jsonb_agg(jsonb_build_array(c.name, c.role, c.artist_id) ORDER BY c.position)
            FROM catalog.track_credits c WHERE c.track_id = t.id) AS credits,
           {PERFORMERS.replace("{kind}", "track").replace("{row}", "t")} AS artists, t.version_title,
           t.territories, t.embargoes, b.territories AS album_territories, b.embargoes AS album_embargoes
"""
_FROM = f"""
    FROM catalog.tracks t
    JOIN catalog.artists a ON a.id = t.artist_id
    LEFT JOIN catalog.albums b ON b.id = t.album_id AND (b.published_at IS NOT NULL OR {_EDITABLE})
    LEFT JOIN catalog.track_processing p ON p.track_id = t.id
    LEFT JOIN catalog.track_stats s ON s.track_id = t.id
"""
_SELECT = _FIELDS + _FROM
_FULL = f"""
    {_FIELDS}, t.sort_title, t.disc_title, t.bpm, t.musical_key, t.language, t.moods, t.tags, t.work, t.movement,
    t.comment, t.copyright, t.mbid, t.publish_at, t.taken_down_at, t.taken_down_reason {_FROM}
"""
Sort = Literal["newest", "popular", "title"]
_KEYS: dict[Sort, Any] = {"newest": TimeKey, "popular": CountKey, "title": TextKey}


SEEN_TRACKS = f"{_SELECT} WHERE (t.published_at IS NOT NULL OR {_EDITABLE})"
_GET = text(f"{_FULL} WHERE (t.published_at IS NOT NULL OR {_EDITABLE}) AND t.id = :id")


async def get(conn: AsyncConnection, track_id: UUID, viewer: UUID | None) -> Row[Any] | None:
    """The track if the viewer may see it."""
    return (await conn.execute(_GET, {"id": track_id, "viewer": viewer})).first()


_TAKEN_DOWN = text(f"{_FULL.replace(_EDITABLE, 'true')} WHERE t.id = :id AND t.taken_down_at IS NOT NULL")


async def taken_down(conn: AsyncConnection, track_id: UUID) -> Row[Any] | None:
    """As its managers see it."""
    return (await conn.execute(_TAKEN_DOWN, {"id": track_id})).first()


OF_IDS = text(f"{_SELECT} WHERE t.id = ANY (:ids) AND (t.published_at IS NOT NULL OR {_EDITABLE})")
_OF_ALBUM = text(
    f"{_SELECT} WHERE t.album_id = :id AND (t.published_at IS NOT NULL OR {_EDITABLE}) "
    "ORDER BY t.disc_number NULLS FIRST, t.track_number, t.id LIMIT 1000"
)


async def of_album(conn: AsyncConnection, album_id: UUID, viewer: UUID | None) -> Sequence[Row[Any]]:
    return (await conn.execute(_OF_ALBUM, {"id": album_id, "viewer": viewer})).all()


_TAKEN_DOWN_OF_ALBUM = text(
    f"{_SELECT.replace(_EDITABLE, 'true')} WHERE t.album_id = :id AND t.taken_down_from IS NOT NULL "
    "ORDER BY t.disc_number NULLS FIRST, t.track_number, t.id LIMIT 1000"
)


async def taken_down_of_album(conn: AsyncConnection, album_id: UUID) -> Sequence[Row[Any]]:
    """As its managers see them, without what they never published."""
    return (await conn.execute(_TAKEN_DOWN_OF_ALBUM, {"id": album_id})).all()


_OF_FOLDER = text(
    f"{_SELECT} WHERE t.folder_id = :id AND t.published_at IS NOT NULL "
    "ORDER BY t.disc_number NULLS FIRST, t.track_number, t.id LIMIT 2000"
)


async def of_folder(conn: AsyncConnection, folder_id: UUID, viewer: UUID | None) -> Sequence[Row[Any]]:
    return (await conn.execute(_OF_FOLDER, {"id": folder_id, "viewer": viewer})).all()


async def page(
    conn: AsyncConnection,
    viewer: UUID | None,
    request: PageRequest,
    *,
    mine: bool = False,
    artist: UUID | None = None,
    genre: UUID | None = None,
    status: str | None = None,
    year: int | None = None,
    library: UUID | None = None,
    sort: Sort = "newest",
) -> Sequence[Row[Any]]:
    """`mine`: drafts too, of the artists that the viewer manages; else what is published."""
    filters = {"artist": artist, "genre": genre, "status": status, "year": year, "library": library}
    args: dict[str, Any] = {name: value for name, value in filters.items() if value is not None}
    position = request.position(_KEYS[sort])
    statement = _page(mine, frozenset(args), sort, position is not None, request.limit + 1)
    if position:
        args["key"], args["id"] = position
    return (await conn.execute(statement, {"viewer": viewer, **args})).all()


_FILTERS = {
    "artist": "t.artist_id = :artist",
    "genre": "EXISTS (SELECT FROM catalog.track_genres g WHERE g.track_id = t.id AND g.genre_id = :genre)",
    "status": "t.status = :status",
    "year": "t.year = :year",
    "library": "t.library_id = :library",
}


@lru_cache(256)
def _page(mine: bool, filters: frozenset[str], sort: Sort, goes_on: bool, limit: int) -> TextClause:
    """The limit stands in the statement: PostgreSQL plans it once, not each time for fear of a large one."""
    where = [_EDITABLE if mine else "t.published_at IS NOT NULL", *(_FILTERS[name] for name in sorted(filters))]
    stamp = "t.created_at" if mine else "t.published_at"
    order, ahead = {
        "newest": (f"{stamp} DESC, t.id DESC", f"({stamp}, t.id) < (CAST(:key AS timestamptz), CAST(:id AS uuid))"),
        "title": (f"{_SORTED}, t.id", f"({_SORTED}, t.id) > (:key, CAST(:id AS uuid))"),
        # Only what was played at all: the order of the rest would be the order of the counters' absence.
        "popular": (
            "s.plays DESC, s.track_id DESC",
            "(s.plays, s.track_id) < (CAST(:key AS bigint), CAST(:id AS uuid))",
        ),
    }[sort]
    if sort == "popular":
        where.append("s.plays > 0")
    if goes_on:
        where.append(ahead)
    return text(f"{_SELECT} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT {limit}")


async def publish(conn: AsyncConnection, track_id: UUID, now: datetime) -> bool:
    """False where it was published before or cannot be played yet."""
    statement = text(
        "UPDATE catalog.tracks SET published_at = :now, publish_at = NULL, updated_at = :now, version = version + 1 "
        "WHERE id = :id AND published_at IS NULL AND taken_down_at IS NULL AND status = 'ready'"
    )
    return bool((await conn.execute(statement, {"id": track_id, "now": now})).rowcount)


async def set_progress(conn: AsyncConnection, track_id: UUID, step: str, percent: int) -> bool:
    """Never backwards: steps run side by side. False where nothing changed or the track is gone."""
    statement = text(
        """
        INSERT INTO catalog.track_processing AS p (track_id, step, percent)
        SELECT id, :step, :percent FROM catalog.tracks WHERE id = :id
        ON CONFLICT (track_id) DO UPDATE SET step = excluded.step, percent = excluded.percent
        WHERE p.percent < excluded.percent AND p.error_code IS NULL
        """
    )
    result = await conn.execute(statement, {"id": track_id, "step": step, "percent": percent})
    return bool(result.rowcount)


async def set_playable(conn: AsyncConnection, track_id: UUID, duration_ms: int, heals: str) -> bool:
    """False where the track is gone or has failed, unless with the error `heals`, which is forgotten then."""
    forget = text(
        "UPDATE catalog.track_processing SET error_code = NULL, error_detail = NULL "
        "WHERE track_id = :id AND error_code = :heals"
    )
    healed = bool((await conn.execute(forget, {"id": track_id, "heals": heals})).rowcount)
    statement = text(
        "UPDATE catalog.tracks SET status = 'ready', duration_ms = :duration "
        "WHERE id = :id AND (status <> 'failed' OR :healed)"
    )
    values = {"id": track_id, "duration": duration_ms, "healed": healed}
    return bool((await conn.execute(statement, values)).rowcount)


async def set_complete(conn: AsyncConnection, track_id: UUID) -> None:
    await conn.execute(
        text("UPDATE catalog.tracks SET renditions_complete = true WHERE id = :id AND status = 'ready'"),
        {"id": track_id},
    )


async def set_failed(conn: AsyncConnection, track_id: UUID, code: str, detail: str) -> None:
    """Only what never became playable fails; a track that plays keeps playing."""
    statement = text(
        """
        WITH failed AS (
            UPDATE catalog.tracks SET status = 'failed' WHERE id = :id AND status = 'processing' RETURNING id
        )
        INSERT INTO catalog.track_processing (track_id, step, percent, error_code, error_detail)
        SELECT id, 'accept', 0, :code, :detail FROM failed
        ON CONFLICT (track_id) DO UPDATE SET error_code = excluded.error_code, error_detail = excluded.error_detail
        """
    )
    await conn.execute(statement, {"id": track_id, "code": code, "detail": detail})


async def processing_state(conn: AsyncConnection, track_id: UUID) -> Row[Any] | None:
    statement = text(
        """
        SELECT t.status, t.renditions_complete, p.step, p.percent, p.error_code, p.error_detail
        FROM catalog.tracks t LEFT JOIN catalog.track_processing p ON p.track_id = t.id WHERE t.id = :id
        """
    )
    return (await conn.execute(statement, {"id": track_id})).first()


async def fill(conn: AsyncConnection, track_id: UUID, values: Mapping[str, Any]) -> bool:
    """Fill a draft that no person has edited; False where somebody has, or it is gone."""
    keyed = {**values, "search_key": search_key(values["title"])} if "title" in values else dict(values)
    statement = update(tracks).where(tracks.c.id == track_id, tracks.c.version == 1).values(id=track_id, **keyed)
    return bool((await conn.execute(statement)).rowcount)


async def set_found_cover(conn: AsyncConnection, track_id: UUID, cover: str) -> list[UUID]:
    """Of the file: for the track, and for its album where that has none. Answers whose cover it became."""
    statement = text(
        """
        WITH covered AS (
            UPDATE catalog.tracks SET cover = CAST(:cover AS jsonb) WHERE id = :id AND cover IS NULL
            RETURNING id, album_id
        ),
        album AS (
            UPDATE catalog.albums b SET cover = CAST(:cover AS jsonb)
            FROM covered WHERE b.id = covered.album_id AND b.cover IS NULL RETURNING b.id
        )
        SELECT id FROM covered UNION ALL SELECT id FROM album
        """
    )
    return list((await conn.execute(statement, {"id": track_id, "cover": cover})).scalars())


async def set_genres(conn: AsyncConnection, track_ids: Sequence[UUID], names: Sequence[str]) -> None:
    """The same for all of these tracks."""
    await conn.execute(text("DELETE FROM catalog.track_genres WHERE track_id = ANY (:ids)"), {"ids": list(track_ids)})
    by_key = {search_key(name): name for name in reversed(names)}
    by_key.pop("", None)
    if not by_key:
        return
    statement = text(
        """
        WITH wanted AS (
            SELECT w.name, w.key, a.genre_id FROM unnest(CAST(:names AS text[]), CAST(:keys AS text[])) AS w(name, key)
            LEFT JOIN catalog.genre_aliases a ON a.key = w.key
        ), made AS (
            INSERT INTO catalog.genres (name, key) SELECT name, key FROM wanted WHERE genre_id IS NULL
            ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING id
        )
        INSERT INTO catalog.track_genres (track_id, genre_id)
        SELECT t.id, g.id FROM unnest(CAST(:ids AS uuid[])) AS t(id)
        CROSS JOIN (SELECT id FROM made UNION SELECT genre_id FROM wanted WHERE genre_id IS NOT NULL) g
        """
    )
    keys = sorted(by_key)  # one order for all, so that two edits cannot wait for each other
    names = [by_key[key] for key in keys]
    await conn.execute(statement, {"ids": list(track_ids), "keys": keys, "names": names})


async def set_credits(conn: AsyncConnection, track_id: UUID, credits: Sequence[tuple[str, str, UUID | None]]) -> None:
    await conn.execute(text("DELETE FROM catalog.track_credits WHERE track_id = :id"), {"id": track_id})
    if credits:
        statement = text(
            """
            INSERT INTO catalog.track_credits (track_id, position, name, role, artist_id)
            SELECT :id, c.position, c.name, c.role, (SELECT id FROM catalog.artists WHERE id = c.artist)
            FROM unnest(CAST(:names AS text[]), CAST(:roles AS text[]), CAST(:artists AS uuid[]))
                 WITH ORDINALITY AS c(name, role, artist, position)
            """
        )
        names, roles, artists = zip(*credits, strict=True)
        args = {"id": track_id, "names": list(names), "roles": list(roles), "artists": list(artists)}
        await conn.execute(statement, args)


# So many more; whoever counts locks the counters in one order. `{counted}` answers (track, plays).
COUNT_PLAYS = """
    INSERT INTO catalog.track_stats AS s (track_id, plays)
    SELECT t.id, c.plays FROM ({counted}) AS c(id, plays) JOIN catalog.tracks t ON t.id = c.id
    ORDER BY t.id
    ON CONFLICT (track_id) DO UPDATE SET plays = s.plays + excluded.plays
"""


async def set_plays(conn: AsyncConnection, plays: Mapping[UUID, int]) -> None:
    statement = text(
        "INSERT INTO catalog.track_stats (track_id, plays) SELECT id, :plays FROM catalog.tracks WHERE id = :id "
        "ON CONFLICT (track_id) DO UPDATE SET plays = excluded.plays"
    )
    for track_id, count in plays.items():
        await conn.execute(statement, {"id": track_id, "plays": count})


async def set_play_counts(conn: AsyncConnection, plays: Mapping[UUID, int]) -> int:
    statement = text(
        """
        WITH right_count AS (
            SELECT t.id AS track_id, coalesce(c.plays, 0) AS plays FROM catalog.tracks t
            LEFT JOIN unnest(CAST(:ids AS uuid[]), CAST(:counts AS bigint[])) AS c(id, plays) ON c.id = t.id
        )
        INSERT INTO catalog.track_stats AS s (track_id, plays)
        SELECT r.track_id, r.plays FROM right_count r LEFT JOIN catalog.track_stats o ON o.track_id = r.track_id
        WHERE coalesce(o.plays, 0) <> r.plays
        ON CONFLICT (track_id) DO UPDATE SET plays = excluded.plays
        """
    )
    args = {"ids": list(plays), "counts": list(plays.values())}
    return (await conn.execute(statement, args)).rowcount


async def delete(conn: AsyncConnection, track_id: UUID) -> None:
    await conn.execute(text("DELETE FROM catalog.tracks WHERE id = :id"), {"id": track_id})


_PLAYABLE = """
    SELECT t.id, t.artist_id, t.album_id, t.created_by, t.duration_ms, t.status, t.renditions_complete,
           t.published_at, b.loudness AS album_loudness, {editable} AS editable, t.explicit,
           t.library_id IS NOT NULL AS in_library,
           EXISTS (SELECT FROM catalog.lyrics l WHERE l.track_id = t.id) AS has_lyrics,
           t.territories, t.embargoes, b.territories AS album_territories, b.embargoes AS album_embargoes
    FROM catalog.tracks t LEFT JOIN catalog.albums b ON b.id = t.album_id
    WHERE t.id = :id
"""


_PLAYABLE_FOR = text(f"{_PLAYABLE} AND (t.published_at IS NOT NULL OR {_EDITABLE})".replace("{editable}", _EDITABLE))
_PLAYABLE_BY_LINK = text(_PLAYABLE.replace("{editable}", "true"))


async def playable(conn: AsyncConnection, track_id: UUID, viewer: UUID | None) -> Row[Any] | None:
    """What playback needs to decide, in one row; None where the viewer may not see the track."""
    return (await conn.execute(_PLAYABLE_FOR, {"id": track_id, "viewer": viewer})).first()


async def playable_by_link(conn: AsyncConnection, track_id: UUID) -> Row[Any] | None:
    return (await conn.execute(_PLAYABLE_BY_LINK, {"id": track_id})).first()


async def album_of(conn: AsyncConnection, track_id: UUID) -> UUID | None:
    statement = text("SELECT album_id FROM catalog.tracks WHERE id = :id")
    return (await conn.execute(statement, {"id": track_id})).scalar_one_or_none()


async def albums_of(conn: AsyncConnection, track_ids: Sequence[UUID]) -> list[UUID]:
    statement = text(
        "SELECT DISTINCT album_id FROM catalog.tracks WHERE id = ANY (:ids) AND album_id IS NOT NULL ORDER BY album_id"
    )
    return list((await conn.execute(statement, {"ids": list(track_ids)})).scalars())
