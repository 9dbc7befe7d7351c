"""The second wall: private rows stay private also for a query that forgets to say whose it wants."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text

from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.answers import rows
from tests.support.people import Maker

# Tables of identity that anybody's query may read: what they hold is public, or sealed and of the house.
PUBLIC = {"users", "user_stats", "roles", "user_roles", "signing_keys"}


async def _tables(house: House) -> list[str]:
    found = await rows(house.db, "SELECT tablename FROM pg_tables WHERE schemaname = 'identity' ORDER BY 1")
    return [row.tablename for row in found]


async def test_every_table_is_guarded_or_public_by_decision(house: House) -> None:
    guarded = await rows(
        house.db,
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'identity'::regnamespace AND c.relkind IN ('r', 'p') "
        "AND NOT c.relispartition AND c.relrowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)",
    )
    assert set(await _tables(house)) - {row.relname for row in guarded} == PUBLIC


async def _count(house: House, table: str, actor: UUID | None) -> int:
    async with house.db.unit(actor) as uow:
        return int((await uow.conn.execute(text(f"SELECT count(*) FROM identity.{table}"))).scalar_one())


@pytest.mark.parametrize("table", ["password_credentials", "sessions", "refresh_tokens", "audit_log", "letters"])
async def test_a_forgetful_query_sees_ones_own_rows_only(make: Maker, house: House, table: str) -> None:
    ada, eve = await make.person(), await make.person()
    both = len(await rows(house.db, f"SELECT 1 FROM identity.{table}"))
    own = [await _count(house, table, parse(Kind.USER, person.id)) for person in (ada, eve)]
    assert all(count > 0 for count in own)
    assert sum(own) == both
    assert await _count(house, table, None) == 0


async def test_a_forgetful_change_reaches_ones_own_rows_only(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    async with house.db.unit(parse(Kind.USER, eve.id)) as uow:
        await uow.conn.execute(text("UPDATE identity.sessions SET revoked_at = now(), revoked_for = 'x'"))
        await uow.conn.execute(text("DELETE FROM identity.password_credentials"))
    left = await rows(house.db, "SELECT user_id FROM identity.sessions WHERE revoked_at IS NULL")
    assert [row.user_id for row in left] == [parse(Kind.USER, ada.id)]
    left = await rows(house.db, "SELECT user_id FROM identity.password_credentials")
    assert [row.user_id for row in left] == [parse(Kind.USER, ada.id)]


async def _plant(house: House, owner: UUID, by: UUID) -> None:
    statement = text(
        "INSERT INTO identity.sessions (user_id, method, user_agent, created_at, last_seen_at, authenticated_at) "
        "VALUES (:owner, 'x', '', now(), now(), now())"
    )
    async with house.db.unit(by) as uow:
        await uow.conn.execute(statement, {"owner": owner})


async def test_nobody_plants_rows_for_somebody_else(make: Maker, house: House) -> None:
    ada, eve = [parse(Kind.USER, (await make.person()).id) for _ in range(2)]
    with pytest.raises(Exception, match="row-level security"):
        await _plant(house, ada, by=eve)
    await _plant(house, eve, by=eve)
