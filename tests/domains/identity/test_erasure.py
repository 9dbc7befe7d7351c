"""Whoever was erased is found nowhere: in no table, in no file, by none of the words that were theirs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

import msgspec
import pytest

from antiphon.adapters.sms.fake import FakeTextMessages
from antiphon.domains.identity import api as identity
from antiphon.domains.identity.api import deletion
from antiphon.domains.media.jobs import MediaJobs
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from antiphon.kit.settings import ProviderSettings, Settings
from tests.support.answers import facts, refused, rows
from tests.support.clock import FrozenClock
from tests.support.lives import PICTURE, Life
from tests.support.people import Maker, Person, good
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, StubProvider, running_provider
from tests.support.traces import files_with, tables_with

Settle = Callable[[], Awaitable[None]]
GRACE = timedelta(days=14)
NOT_OF_ACCOUNTS = {"identity.sign_ups"}  # who has an account is in it no more
WHILE_CONNECTED = {"kit.present"}  # signing out ends the connections, and what they show with them


@pytest.fixture
def stub(clock: FrozenClock) -> Iterator[StubProvider]:
    with running_provider(clock) as made:
        yield made


@pytest.fixture
def settings(settings: Settings, stub: StubProvider) -> Settings:
    """With a provider elsewhere, whose tokens are kept."""
    elsewhere = ProviderSettings(
        id="house",
        name="House",
        issuer=stub.url,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        algorithms=["RS256"],
        keep_tokens=True,
    )
    return msgspec.structs.replace(settings, providers=[elsewhere])


@pytest.fixture
async def ada(make: Maker, house: House) -> Person:
    """Who keeps the house."""
    person = await make.person()
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, person.id), "admin")
    await renewed(person)
    return person


@pytest.fixture
async def life(
    make: Maker,
    house: House,
    clock: FrozenClock,
    stub: StubProvider,
    texts: FakeTextMessages,
    ada: Person,
    settle: Settle,
) -> Life:
    return Life(make, house, clock, stub, texts, ada, settle)


async def renewed(person: Person) -> None:
    login = {"email": person.email, "password": person.password}
    person.tokens = good(await person.http.post("/api/v1/auth/login", json=login))["tokens"]


async def erased(house: House, settle: Settle, clock: FrozenClock) -> None:
    """The grace is over, and everything that is due is done, the collection of bytes too."""
    clock.move(GRACE + timedelta(seconds=1))
    await deletion.erase_due(house.db)
    await settle()
    clock.move(timedelta(hours=2))
    await MediaJobs(house.db, house.media).collect()


async def test_nothing_is_found_of_who_was_erased(
    life: Life, make: Maker, house: House, settle: Settle, clock: FrozenClock
) -> None:
    eve = await life.live()
    words = life.words()
    hits = await tables_with(house.db, words)
    assert {hit.rpartition(": ")[2] for hit in hits} == {word for word in words if "in bytes" not in word}
    touched = {hit.rpartition(": ")[0].rpartition(".")[0] for hit in hits}
    spoken_of = {holding.table for data in house.identity.privacy.registry.all() for holding in data.holdings}
    assert spoken_of - touched == NOT_OF_ACCOUNTS | WHILE_CONNECTED  # a life that leaves no table of the data map out
    bits = {name: word.encode() for name, word in words.items()} | {"audio": life.audio, "picture": PICTURE}
    found = {hit.rpartition(": ")[2] for hit in files_with(house.settings.home, bits)}
    assert found >= {"audio", "id", "archive"}  # her song, her portrait, her export
    others = await handles(house)
    others.remove("eve_moneypenny")
    assert (await eve.delete("/users/me")).status_code == 202
    await settle()
    await erased(house, settle, clock)
    assert await tables_with(house.db, words) == []
    assert files_with(house.settings.home, bits) == []
    assert await handles(house) == others
    assert await facts(house.db, "identity.user_erased") == 0
    assert await rows(house.db, "SELECT 1 FROM kit.deliveries WHERE parked_at IS NOT NULL") == []
    login = {"email": eve.email, "password": eve.password}
    assert refused(await eve.http.post("/api/v1/auth/login", json=login)) == (401, "bad_credentials")
    await eve.http.aclose()
    again = await make.person(email=eve.email, handle=eve.handle)
    assert again.id != eve.id


async def handles(house: House) -> list[str]:
    return [row.handle for row in await rows(house.db, "SELECT handle FROM identity.users ORDER BY id")]
