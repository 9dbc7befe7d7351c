"""The catalogue's own tables, as its store writes them. The truth of their form is the migrations."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    FetchedValue,
    Float,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

__all__ = ["albums", "artists", "genres", "tracks"]

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
    Column("sort_name", Text),
    Column("sort_key", Text),
    Column("kind", Text),
    Column("disambiguation", Text),
    Column("mbid", Uuid),
    Column("links", JSONB),
    Column("bio", Text),
    Column("image", JSONB(none_as_null=True)),
    Column("approval", Text),
    Column("approval_asked_at", DateTime(timezone=True)),
    *_editable(),
)

albums = Table(
    "albums",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("artist_id", Uuid),
    Column("title", Text),
    Column("search_key", Text),
    Column("sort_title", Text),
    Column("sort_key", Text),
    Column("kind", Text),
    Column("edition", Text),
    Column("disc_titles", JSONB),
    Column("release_date", Date),
    Column("release_precision", Text),
    Column("original_date", Date),
    Column("original_precision", Text),
    Column("catalog_number", Text),
    Column("compilation", Boolean),
    Column("territories", ARRAY(Text)),
    Column("embargoes", JSONB),
    Column("moods", ARRAY(Text)),
    Column("tags", ARRAY(Text)),
    Column("mbid", Uuid),
    Column("release_group_mbid", Uuid),
    Column("publish_at", DateTime(timezone=True)),
    Column("announced", Boolean),
    Column("taken_down_at", DateTime(timezone=True)),
    Column("taken_down_reason", Text),
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
    Column("sort_title", Text),
    Column("version_title", Text),
    Column("disc_title", Text),
    Column("bpm", Float),
    Column("musical_key", Text),
    Column("language", Text),
    Column("territories", ARRAY(Text)),
    Column("embargoes", JSONB),
    Column("moods", ARRAY(Text)),
    Column("tags", ARRAY(Text)),
    Column("work", Text),
    Column("movement", Text),
    Column("comment", Text),
    Column("copyright", Text),
    Column("mbid", Uuid),
    Column("publish_at", DateTime(timezone=True)),
    Column("taken_down_at", DateTime(timezone=True)),
    Column("taken_down_reason", Text),
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

genres = Table(
    "genres",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("name", Text),
    Column("key", Text),
    Column("parent_id", Uuid),
)
