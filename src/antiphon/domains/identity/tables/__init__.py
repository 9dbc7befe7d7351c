"""The tables of identity as the queries see them; the truth is in the migrations."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, FetchedValue, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import DateTime

__all__ = [
    "audit_log",
    "challenges",
    "invitations",
    "letters",
    "metadata",
    "password_credentials",
    "refresh_tokens",
    "roles",
    "sessions",
    "sign_in_links",
    "sign_ups",
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
    Column("language", Text),
    Column("email_verified_at", _time),
    Column("suspended_at", _time),
    Column("suspended_until", _time),
    Column("suspended_for", Text),
    Column("closes_at", _time),
    Column("erasing_at", _time),
    Column("bio", Text),
    Column("links", JSONB),
    Column("avatar", JSONB(none_as_null=True)),
    Column("verified_at", _time),
    Column("private", Boolean),
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
    Column("name", Text, server_default=FetchedValue()),
    Column("user_agent", Text),
    Column("device", LargeBinary),
    Column("address", Text),
    Column("created_at", _time),
    Column("last_seen_at", _time),
    Column("authenticated_at", _time),
    Column("app_id", Uuid),
    Column("scopes", ARRAY(Text)),
    Column("opened_with", Uuid),
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
    Column("in_vault", Boolean),
    Column("created_at", _time),
    Column("retired_at", _time),
)
invitations = Table(
    "invitations",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("digest", LargeBinary),
    Column("email", Text),
    Column("note", Text),
    Column("invited_by", Uuid),
    Column("created_at", _time),
    Column("expires_at", _time),
    Column("used_at", _time),
    Column("used_by", Uuid),
)
sign_ups = Table(
    "sign_ups",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("email", Text),
    Column("email_key", Text),
    Column("handle", Text),
    Column("display_name", Text),
    Column("password_hash", Text),
    Column("language", Text),
    Column("invitation", LargeBinary),
    Column("linked", JSONB),
    Column("passkey", JSONB(none_as_null=True)),
    Column("created_at", _time),
)
challenges = Table(
    "challenges",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("digest", LargeBinary),
    Column("kind", Text),
    Column("user_id", Uuid),
    Column("data", JSONB),
    Column("attempts", Integer),
    Column("created_at", _time),
    Column("expires_at", _time),
    Column("used_at", _time),
)
letters = Table(
    "letters",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("purpose", Text),
    Column("user_id", Uuid),
    Column("address", Text),
    Column("language", Text),
    Column("data", JSONB),
    Column("created_at", _time),
    Column("sent_at", _time),
)
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("at", _time),
    Column("action", Text),
    Column("actor_id", Uuid),
    Column("subject_id", Uuid),
    Column("address", Text),
    Column("user_agent", Text),
    Column("data", JSONB),
)
