"""The catalogue's own tables, as its store writes them. The truth of their form is the migrations."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, FetchedValue, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

__all__ = ["albums", "artists", "tracks"]

metadata = MetaData(schema="catalog")


def _editable() -> tuple[Column[object], ...]:
    return (
        Column("created_by", Uuid),
        Column("created_at", DateTime(timezone=True)),
        Column("updated_at", DateTime(timezone=True)),
        Column("version", Integer),
    )


artists = Table(
    "artists",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("name", Text),
    Column("search_key", Text),
    Column("bio", Text),
    Column("image", JSONB(none_as_null=True)),
    *_editable(),
)

albums = Table(
    "albums",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("artist_id", Uuid),
    Column("title", Text),
    Column("search_key", Text),
    Column("kind", Text),
    Column("release_date", Date),
    Column("description", Text),
    Column("label", Text),
    Column("upc", Text),
    Column("explicit", Boolean),
    Column("cover", JSONB(none_as_null=True)),
    Column("loudness", JSONB(none_as_null=True)),
    Column("published_at", DateTime(timezone=True)),
    *_editable(),
)

tracks = Table(
    "tracks",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("artist_id", Uuid),
    Column("album_id", Uuid),
    Column("title", Text),
    Column("search_key", Text),
    Column("disc_number", Integer),
    Column("track_number", Integer),
    Column("year", Integer),
    Column("explicit", Boolean),
    Column("isrc", Text),
    Column("description", Text),
    Column("cover", JSONB(none_as_null=True)),
    Column("duration_ms", BigInteger),
    Column("status", Text),
    Column("renditions_complete", Boolean),
    Column("published_at", DateTime(timezone=True)),
    *_editable(),
)
