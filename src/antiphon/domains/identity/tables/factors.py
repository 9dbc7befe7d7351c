"""The tables of second factors as the queries see them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, FetchedValue, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.types import DateTime

__all__ = ["factor_failures", "metadata", "phones", "recovery_codes", "text_codes", "totp_factors", "trusted_devices"]

metadata = MetaData(schema="identity")
_time = DateTime(timezone=True)

totp_factors = Table(
    "totp_factors",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("sealed_seed", LargeBinary),
    Column("created_at", _time),
    Column("confirmed_at", _time),
    Column("last_step", BigInteger),
)
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("created_at", _time),
    Column("used_at", _time),
)
factor_failures = Table(
    "factor_failures",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("failures", Integer),
    Column("locked_until", _time),
)
phones = Table(
    "phones",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("sealed_number", LargeBinary),
    Column("created_at", _time),
    Column("verified_at", _time),
)
text_codes = Table(
    "text_codes",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("user_id", Uuid),
    Column("number_digest", LargeBinary),
    Column("digest", LargeBinary),
    Column("created_at", _time),
    Column("expires_at", _time),
    Column("attempts", Integer),
    Column("used_at", _time),
)
trusted_devices = Table(
    "trusted_devices",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("user_id", Uuid),
    Column("device", LargeBinary),
    Column("user_agent", Text),
    Column("created_at", _time),
    Column("last_used_at", _time),
    Column("expires_at", _time),
)
