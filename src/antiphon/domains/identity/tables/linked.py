"""The table of linked sign-ins as the queries see it."""

from __future__ import annotations

from sqlalchemy import Column, FetchedValue, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.types import DateTime

__all__ = ["linked_identities", "metadata"]

metadata = MetaData(schema="identity")
_time = DateTime(timezone=True)

linked_identities = Table(
    "linked_identities",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("user_id", Uuid),
    Column("provider", Text),
    Column("issuer", Text),
    Column("subject", Text),
    Column("email", Text),
    Column("sealed_token", LargeBinary),
    Column("created_at", _time),
    Column("last_used_at", _time),
)
