"""Apps and what people allowed them."""

from __future__ import annotations

from sqlalchemy import Column, FetchedValue, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import DateTime

from antiphon.domains.identity.tables import metadata

__all__ = ["app_grants", "apps"]

_time = DateTime(timezone=True)
apps = Table(
    "apps",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("name", Text),
    Column("redirect_uris", ARRAY(Text)),
    Column("secret", LargeBinary),
    Column("made_by", Uuid),
    Column("created_at", _time),
)
app_grants = Table(
    "app_grants",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("app_id", Uuid, primary_key=True),
    Column("scopes", ARRAY(Text)),
    Column("granted_at", _time),
)
