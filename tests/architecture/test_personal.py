"""What is kept of people is known: every table that speaks of somebody is in the data map, exported or excused."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from antiphon.kit.db import Database
from antiphon.kit.personal import Contribution, Holding, PersonalData, PersonalRegistry
from tools.sample_house import sample_house

# A column that holds somebody's id: by its foreign key, or by how it is called.
_SPEAKS_OF_PEOPLE = text(
    """
    SELECT DISTINCT format('%s.%s', n.nspname, c.relname)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'public')
      AND (
        (format_type(a.atttypid, NULL) = 'uuid' AND a.attname ~ '(^|_)(user|actor|person|owner|listener)(_id)?$|_by$')
        OR a.attname ~ '(^|_)(email|email_key|address|user_agent|phone|number)$'
        OR EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f'
                   AND k.confrelid = 'identity.users'::regclass AND a.attnum = ANY (k.conkey))
        OR (n.nspname = 'identity' AND c.relname = 'users')
      )
    """
)
# Columns that are called so and say nothing of anybody.
_EXCUSED: dict[str, str] = {"catalog.libraries": "its number is what Subsonic calls it by"}


def _holdings() -> dict[str, Holding]:
    registry = sample_house().identity.privacy.registry
    return {holding.table: holding for data in registry.all() for holding in data.holdings}


async def test_every_table_that_speaks_of_people_is_in_the_data_map(db: Database) -> None:
    async with db.system() as uow:
        found = set((await uow.conn.execute(_SPEAKS_OF_PEOPLE)).scalars())
    assert found - set(_holdings()) - set(_EXCUSED) == set()


async def test_the_data_map_names_tables_that_are_there(db: Database) -> None:
    async with db.system() as uow:
        for table in _holdings():
            assert (await uow.conn.execute(text("SELECT to_regclass(:name)"), {"name": table})).scalar_one(), table


def test_every_contribution_is_described_and_reached_from_the_map() -> None:
    registry = sample_house().identity.privacy.registry
    named = {name for holding in _holdings().values() for name in holding.exported}
    assert {contribution.name for contribution in registry.contributions()} == named
    for contribution in registry.contributions():
        assert contribution.about.endswith("."), contribution.name
        assert contribution.record.__doc__, contribution.name


def test_every_kind_of_record_has_a_name_of_its_own() -> None:
    """JSON Schema tells types apart by name."""
    names = [c.record.__name__ for c in sample_house().identity.privacy.registry.contributions()]
    assert len(set(names)) == len(names)


class Row(msgspec.Struct):
    """A row."""


async def _nothing(*_: Any) -> None: ...


def _data(*holdings: Holding, contributions: tuple[Contribution, ...] = ()) -> PersonalData:
    return PersonalData("some", holdings, _nothing, contributions)


def _holding(**said: Any) -> Holding:
    return Holding("a.b", "What", "Why", "How long", "Gone", **said)


def test_a_domain_that_says_nonsense_is_refused() -> None:
    some = Contribution("some", "Some.", Row, lambda *_: None)  # type: ignore[arg-type, return-value]
    for wrong, why in (
        ([_data(contributions=(some, some))], "two contributions"),
        ([_data(contributions=(some,)), _data(contributions=(some,))], "two contributions"),
        ([_data(_holding(exported=("some",)))], "no such contribution"),
        ([_data(_holding())], "why not"),
        ([_data(_holding(exported=("some",), not_exported="x"), contributions=(some,))], "why not"),
    ):
        with pytest.raises(ValueError, match=why):
            PersonalRegistry(wrong)
    assert PersonalRegistry([_data(_holding(exported=("some",)), contributions=(some,))]).all()
