"""The tables of identity as the queries see them; the truth is in the migrations."""

from __future__ import annotations

from sqlalchemy import Column, FetchedValue, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.types import DateTime

__all__ = [
    "metadata",
    "password_credentials",
    "refresh_tokens",
    "role_permissions",
    "roles",
    "sessions",
    "sign_in_links",
    "signing_keys",
    "user_roles",
    "users",
]

metadata = MetaData(schema="identity")
_time = DateTime(timezone=True)

users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("email", Text),
    Column("email_key", Text),
    Column("handle", Text),
    Column("display_name", Text),
    Column("version", Integer),
    Column("created_at", _time),
    Column("updated_at", _time),
)
password_credentials = Table(
    "password_credentials",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("hash", Text),
    Column("changed_at", _time),
)
roles = Table("roles", metadata, Column("name", Text, primary_key=True), Column("description", Text))
role_permissions = Table(
    "role_permissions",
    metadata,
    Column("role", Text, primary_key=True),
    Column("permission", Text, primary_key=True),
)
user_roles = Table(
    "user_roles",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("granted_by", Uuid),
    Column("granted_at", _time),
)
sessions = Table(
    "sessions",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("user_id", Uuid),
    Column("method", Text),
    Column("user_agent", Text),
    Column("created_at", _time),
    Column("last_seen_at", _time),
    Column("revoked_at", _time),
    Column("revoked_for", Text),
)
refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("session_id", Uuid),
    Column("issued_at", _time),
    Column("expires_at", _time),
    Column("used_at", _time),
)
sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("user_id", Uuid),
    Column("created_at", _time),
    Column("expires_at", _time),
    Column("used_at", _time),
)
signing_keys = Table(
    "signing_keys",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("sealed", LargeBinary),
    Column("created_at", _time),
    Column("retired_at", _time),
)
