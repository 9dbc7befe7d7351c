"""Wallets as the queries see them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, FetchedValue, Table, Text, Uuid
from sqlalchemy.types import DateTime

from antiphon.domains.identity.tables import metadata

__all__ = ["wallets"]

_time = DateTime(timezone=True)

wallets = Table(
    "wallets",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("user_id", Uuid),
    Column("address", Text),
    Column("contract_chain", BigInteger),
    Column("linked_at", _time),
    Column("last_used_at", _time),
)
