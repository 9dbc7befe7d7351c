"""The tables of passkeys as the queries see them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, DateTime, FetchedValue, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from antiphon.domains.identity.tables import metadata

__all__ = ["passkey_owners", "passkeys"]

_time = DateTime(timezone=True)

passkey_owners = Table(
    "passkey_owners",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("handle", LargeBinary),
    Column("second_factor", Boolean, server_default=FetchedValue()),
)
passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=FetchedValue()),
    Column("user_id", Uuid),
    Column("credential_id", LargeBinary),
    Column("public_key", LargeBinary),
    Column("sign_count", BigInteger),
    Column("transports", ARRAY(Text)),
    Column("aaguid", Uuid),
    Column("name", Text),
    Column("discoverable", Boolean),
    Column("user_verified", Boolean),
    Column("backup_eligible", Boolean),
    Column("backed_up", Boolean),
    Column("created_at", _time),
    Column("last_used_at", _time),
    Column("suspected_at", _time),
)
