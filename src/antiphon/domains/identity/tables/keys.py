"""The tables of API keys and app passwords as the queries see them."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from antiphon.domains.identity.tables import metadata

__all__ = ["api_keys", "app_passwords"]

_time = DateTime(timezone=True)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid),
    Column("digest", LargeBinary),
    Column("name", Text),
    Column("scopes", ARRAY(Text)),
    Column("created_at", _time),
    Column("expires_at", _time),
    Column("last_used_at", _time),
)
app_passwords = Table(
    "app_passwords",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid),
    Column("sealed", LargeBinary),
    Column("name", Text),
    Column("scopes", ARRAY(Text)),
    Column("created_at", _time),
    Column("last_used_at", _time),
)
