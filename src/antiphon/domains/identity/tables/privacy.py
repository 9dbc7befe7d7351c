"""Consents, preferences, exports, imports: tables of privacy as the queries see them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, FetchedValue, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import DateTime

from antiphon.domains.identity.tables import metadata

__all__ = ["consents", "exports", "imported", "imports", "leftovers", "preferences", "user_stats"]

_time = DateTime(timezone=True)

user_stats = Table(
    "user_stats",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("followers", BigInteger),
    Column("plays", BigInteger),
    Column("likes", BigInteger),
)
preferences = Table(
    "preferences",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("theme", Text),
    Column("reduced_motion", Boolean),
    Column("single_keys", Boolean),
    Column("player", JSONB),
    Column("language_chosen", Boolean),
    Column("private_until", _time),
    Column("version", Integer),
    Column("updated_at", _time),
)
consents = Table(
    "consents",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("user_id", Uuid),
    Column("purpose", Text),
    Column("version", Text),
    Column("granted", Boolean),
    Column("at", _time),
    Column("imported", Boolean, server_default=FetchedValue()),
)
exports = Table(
    "exports",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("user_id", Uuid),
    Column("state", Text, server_default=FetchedValue()),
    Column("percent", Integer, server_default=FetchedValue()),
    Column("bytes", BigInteger),
    Column("sha256", LargeBinary),
    Column("records", JSONB),
    Column("missing", Integer, server_default=FetchedValue()),
    Column("created_at", _time),
    Column("finished_at", _time),
    Column("expires_at", _time),
)
imports = Table(
    "imports",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("user_id", Uuid),
    Column("state", Text, server_default=FetchedValue()),
    Column("percent", Integer, server_default=FetchedValue()),
    Column("bytes", BigInteger),
    Column("publish", Boolean),
    Column("taken", JSONB),
    Column("review", Boolean, server_default=FetchedValue()),
    Column("found", JSONB, server_default=FetchedValue()),
    Column("unsure", JSONB, server_default=FetchedValue()),
    Column("left_count", Integer, server_default=FetchedValue()),
    Column("error_code", Text),
    Column("created_at", _time),
    Column("finished_at", _time),
)
leftovers = Table(
    "import_leftovers",
    metadata,
    Column("import_id", Uuid, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("reason", Text),
    Column("label", Text, server_default=FetchedValue()),
)
imported = Table(
    "imported",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("target", Uuid),
)
