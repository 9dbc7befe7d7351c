"""Fixtures that every test may use; what is wired here is the product's own composition root."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import argon2
import httpx
import pytest
import structlog
from hypothesis import settings as hypothesis_settings

from antiphon.adapters.codecs.fake import FakeCodecs
from antiphon.adapters.kms import LocalKms
from antiphon.adapters.mail.fake import FakeMailer
from antiphon.adapters.objects.local import LocalStore
from antiphon.adapters.scrobbling.fake import FakeScrobbler
from antiphon.adapters.search.fake import MemorySearch
from antiphon.adapters.sms.fake import FakeTextMessages
from antiphon.domains.discovery.indexer import Indexer
from antiphon.domains.discovery.ports import SearchIndex
from antiphon.domains.identity.api import PasswordHasher, Tokens
from antiphon.domains.identity.signing_keys import SigningKeys
from antiphon.entry.application import create_app
from antiphon.entry.bootstrap import House, build
from antiphon.entry.worker.run import job_runner
from antiphon.kit.db import Database
from antiphon.kit.jobs import JobRegistry
from antiphon.kit.relay import Relay
from antiphon.kit.secrets import Secrets
from antiphon.kit.settings import Settings
from antiphon.kit.vault import Vault, data_key_finder
from tests.support.clock import FrozenClock
from tests.support.database import TestServer, folder_in_memory, running_server
from tests.support.keycloak import Keycloak, KeycloakMissing, shared_keycloak
from tests.support.people import Maker
from tests.support.scheduling import JourneysByFile

CHEAP = argon2.Parameters(argon2.Type.ID, 19, salt_len=16, hash_len=32, time_cost=1, memory_cost=64, parallelism=1)
MASTER = Secrets(b"m" * 32)
QUEUES = ("media", "cache", "mail", "maintenance", "scan")

# Every process that a test starts would compile the product anew: a third of what a start costs.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# As it comes, every exception that is logged is drawn in frames with all variables in sight: a second of work each.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback),
    ]
)

# A machine under load must not fail a property: examples are counted, not timed.
hypothesis_settings.register_profile("antiphon", deadline=None, max_examples=60)
hypothesis_settings.load_profile("antiphon")


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> JourneysByFile:
    return JourneysByFile(config, log)


def pytest_sessionstart() -> None:
    """Five thousand tests are about to be collected, and all of them stay."""
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_finish() -> None:
    """The product's modules live as long as the run: looking through them for garbage is a tenth of its work."""
    gc.freeze()


@pytest.fixture(scope="session")
def server() -> Iterator[TestServer]:
    with folder_in_memory() as folder, running_server(folder) as made:
        yield made


@pytest.fixture(scope="session")
def keycloak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keycloak]:
    """Shared by all workers of a run; where this machine cannot have it, the tests say why and are skipped."""
    own = tmp_path_factory.getbasetemp()
    try:
        with shared_keycloak(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) as running:
            yield running
    except KeycloakMissing as reason:
        pytest.skip(str(reason))


@pytest.fixture
def database_url(server: TestServer) -> Iterator[str]:
    with server.clone() as url:
        yield url


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
async def db(database_url: str, clock: FrozenClock) -> AsyncIterator[Database]:
    """A database alone, for tests of the kit and of domains that need no other."""
    made = Database.connect(database_url, clock, JobRegistry(), pool_size=5)
    yield made
    await made.close()


@pytest.fixture
async def vault(db: Database, database_url: str) -> Vault:
    """Of the same database as `db`."""
    made = Vault(LocalKms(MASTER), data_key_finder(database_url, {}))
    await made.load(db)
    return made


@pytest.fixture
async def tokens(db: Database, vault: Vault, clock: FrozenClock) -> Tokens:
    """Of the same database as `db`."""
    made = Tokens(SigningKeys(vault, MASTER, clock), "http://localhost:8420", clock)
    await made.keys.load(db)
    return made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Without limits: a test asks more in a second than people do in an hour; entry/test_limits.py has them."""
    return Settings(
        home=tmp_path / "home",
        demo=False,
        limits="off",
        upload_max_bytes=8 * 1024 * 1024,
        quota_bytes=32 * 1024 * 1024,
    )


@pytest.fixture
def codecs() -> FakeCodecs:
    return FakeCodecs()


@pytest.fixture
def texts() -> FakeTextMessages:
    return FakeTextMessages()


@pytest.fixture
def mailer() -> FakeMailer:
    """Who carries the letters of `house`. Mail counts as not configured all the same, unless a test sets `mail_url`."""
    return FakeMailer()


@pytest.fixture
def search() -> SearchIndex:
    """Tests of what Tantivy does have it instead."""
    return MemorySearch()


@pytest.fixture
def scrobbler() -> FakeScrobbler:
    return FakeScrobbler()


@pytest.fixture
async def house(
    settings: Settings,
    database_url: str,
    clock: FrozenClock,
    codecs: FakeCodecs,
    texts: FakeTextMessages,
    mailer: FakeMailer,
    search: SearchIndex,
    scrobbler: FakeScrobbler,
) -> AsyncIterator[House]:
    made = build(
        settings,
        database_url,
        clock=clock,
        codecs=codecs,
        objects=LocalStore(settings.home / "objects"),
        passwords=PasswordHasher(CHEAP),
        texts=texts,
        mailer=mailer,
        search=search,
        scrobblers=[scrobbler],
        pool_size=5,
    )
    await made.start()
    yield made
    await made.close()


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """The whole application, as a client reaches it, hearing what other processes tell."""
    transport = httpx.ASGITransport(app=create_app(house), raise_app_exceptions=False)  # type: ignore[arg-type]
    async with house.listening(), httpx.AsyncClient(transport=transport, base_url="http://localhost:8420") as client:
        yield client


@pytest.fixture
async def settle(house: House) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Run every job and hand over every fact until nothing waits; then what changed can be found."""
    runner, relay = job_runner(house), Relay(house.db, house.handlers)
    async with AsyncExitStack() as connected:
        first = True

        async def run() -> None:
            nonlocal first
            if first:
                await connected.enter_async_context(runner.connected())
                first = False
            while True:
                await runner.run_waiting(QUEUES)
                if await relay.work_once() == 0:
                    await indexed(house)
                    return

        yield run


async def indexed(house: House) -> None:
    """What the worker does all the time."""
    indexer = Indexer(house.db, house.finder.index)
    assert await indexer.take()
    try:
        await indexer.repair()
    finally:
        await indexer.let_go()


@pytest.fixture
def make(http: httpx.AsyncClient, settle: Callable[[], Awaitable[None]]) -> Maker:
    return Maker(http, settle)
