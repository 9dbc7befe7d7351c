"""The database and the unit of work: one connection, one transaction, committed here and nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from antiphon.kit.clock import Clock
from antiphon.kit.facts import Fact
from antiphon.kit.fanout import Fanout
from antiphon.kit.glances import Glances, driver
from antiphon.kit.ids import new_uuid
from antiphon.kit.jobs import JobRegistry
from antiphon.kit.live import LIVE_CHANNEL, LiveHub, LiveMessage
from antiphon.kit.topics import RIGHTS, RIGHTS_TOPIC, Said, keep

__all__ = ["APP_ROLE", "RELAY_CHANNEL", "Database", "UnitOfWork", "act_for_the_house", "changed", "engine_url", "rows"]

APP_ROLE = "antiphon_app"
RELAY_CHANNEL = "antiphon_facts"

_ADD_FACTS = """
    WITH added AS (
        INSERT INTO kit.facts (id, name, version, subject, payload, recorded_at)
        SELECT f.id, f.name, f.version, f.subject, f.payload, $1
        FROM unnest($2::uuid[], $3::text[], $4::int[], $5::uuid[], $6::jsonb[])
             AS f(id, name, version, subject, payload)
    )
    INSERT INTO kit.deliveries (fact_id, recorded_at, name, subject, handler, due_at)
    SELECT d.fact_id, $1, d.name, d.subject, d.handler, $1
    FROM unnest($7::uuid[], $8::text[], $9::uuid[], $10::text[]) AS d(fact_id, name, subject, handler)
"""

_DEFER = text(
    """
    SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
        CAST(:queue AS varchar), CAST(:name AS varchar), CAST(:priority AS int), CAST(:lock AS varchar),
        NULL::varchar, CAST(:args AS jsonb), CAST(:at AS timestamptz)
    )::procrastinate_job_to_defer_v1])
    """
)

_LOOKING = {"default_transaction_read_only": "on", "plan_cache_mode": "force_generic_plan"}
_ACT_AS = text("SELECT set_config('antiphon.actor', :actor, true)")
_ACT_AS_SYSTEM = text("SELECT set_config('antiphon.system', 'on', true)")


class UnitOfWork:
    """What one request, one job or one fact's handler does, all of it or nothing.

    Facts, jobs and live messages are collected and written with the rows at the end of the same transaction.
    """

    def __init__(
        self,
        conn: AsyncConnection,
        clock: Clock,
        jobs: JobRegistry,
        handlers: Mapping[str, Sequence[str]],
        hub: LiveHub | None = None,
        fanout: Fanout | None = None,
    ) -> None:
        self.conn = conn
        self.clock = clock
        self._jobs = jobs
        self._handlers = handlers
        self._facts: list[tuple[UUID, Fact]] = []
        self._deferred: list[dict[str, Any]] = []
        self._hub = hub
        self._live: list[LiveMessage] = []
        self._told: list[LiveMessage] = []
        self._fanout = fanout
        self._events: list[tuple[str, str, bytes]] = []
        self._said: Sequence[Said] = ()

    def add_fact(self, fact: Fact) -> UUID:
        """Tell everybody that listens, after the commit, at least once."""
        fact_id = new_uuid()
        self._facts.append((fact_id, fact))
        return fact_id

    def defer(self, job: str, *, priority: int | None = None, lock: str | None = None, **ids: Any) -> None:
        """Run a registered job after the commit. Arguments are ids and plain numbers, never secrets.

        A higher `priority` goes first; jobs with one `lock` run one after the other.
        """
        spec = self._jobs.spec(job)
        self._deferred.append(
            {
                "queue": spec.queue,
                "name": job,
                "priority": spec.priority if priority is None else priority,
                "lock": lock,
                "args": msgspec.json.encode(ids).decode(),
                "at": None,
            }
        )

    def tell(self, topic: str, event: str, data: Mapping[str, Any]) -> None:
        """Let all processes of the house know, after the commit; small data only (< 7 kB). Clients never see it."""
        self._live.append(LiveMessage(topic, event, data, self._hub.id if self._hub else ""))

    def say(self, topic: str, event: str, data: Mapping[str, Any]) -> None:
        """Let clients who watch the topic know, after the commit; in the order of the commits, each once.

        Data are what everybody who may watch the topic may see, as JSON; they are kept for a quarter of an hour.
        """
        self._events.append((topic, event, msgspec.json.encode(data)))

    def rights_changed(self, topic: str) -> None:
        """Whoever watches the topic is asked again whether they may, before they hear what is said from here on.

        `content:*`: all of a kind, where a change is about more topics than can be named.
        """
        self.tell(RIGHTS_TOPIC, "changed", {"form": topic})
        if not topic.endswith("*"):
            self._events.append((topic, RIGHTS, b"{}"))

    async def flush(self) -> None:
        """Write what was collected; called before the commit and where a nested step must stand alone."""
        collected, self._facts = self._facts, []
        if collected:
            deliveries = [(i, f, handler) for i, f in collected for handler in self._handlers.get(f.name, ())]
            await changed(
                self.conn,
                _ADD_FACTS,
                self.clock.now(),
                [i for i, _ in collected],
                [f.name for _, f in collected],
                [f.version for _, f in collected],
                [f.subject for _, f in collected],
                [msgspec.json.encode(f).decode() for _, f in collected],
                [i for i, _, _ in deliveries],
                [f.name for _, f, _ in deliveries],
                [f.subject for _, f, _ in deliveries],
                [handler for _, _, handler in deliveries],
            )
            if deliveries:
                await self.conn.execute(text(f"NOTIFY {RELAY_CHANNEL}"))
        deferred, self._deferred = self._deferred, []
        for job in deferred:
            await self.conn.execute(_DEFER, job)
        live, self._live = self._live, []
        if live:
            notify = text("SELECT pg_notify(:channel, message) FROM unnest(CAST(:messages AS text[])) AS message")
            sent = [msgspec.json.encode(message).decode() for message in live]
            await self.conn.execute(notify, {"channel": LIVE_CHANNEL, "messages": sent})
            self._told += live

    async def finish(self) -> None:
        """Only for who commits, right before it: everything that was collected, and last what is said."""
        await self.flush()
        if self._events:
            self._said = await keep(self.conn, self._events, self.clock.now())
            if self._fanout:
                await self._fanout.within(self.conn, self._said)

    async def committed(self) -> None:
        """Only for who commits: this process hears of it at once, the others by NOTIFY."""
        if self._said and self._fanout:
            await self._fanout.after(self._said)
        told, self._told = self._told, []
        for message in told:
            if self._hub:
                self._hub.deliver(message)

    @asynccontextmanager
    async def step(self) -> AsyncIterator[None]:
        """A savepoint: on an exception only what the step did is undone, collected things included."""
        await self.flush()
        told, events = len(self._told), len(self._events)
        try:
            async with self.conn.begin_nested():
                yield
                await self.flush()
        except BaseException:
            self._facts, self._deferred, self._live = [], [], []
            del self._told[told:], self._events[events:]
            raise


async def act_for_the_house(conn: AsyncConnection) -> None:
    """From here to the end of the transaction row-level security lets every row through.

    For those whom the policy lets into what is not theirs; the decision comes first.
    """
    await conn.execute(_ACT_AS_SYSTEM)


class Database:
    """Connections of the application role."""

    def __init__(
        self,
        engine: AsyncEngine,
        glances: Glances,
        clock: Clock,
        jobs: JobRegistry,
        handlers: Mapping[str, Sequence[str]] | None = None,
        hub: LiveHub | None = None,
        fanout: Fanout | None = None,
    ) -> None:
        self.engine = engine
        self._glances = glances
        self.clock = clock
        self.jobs = jobs
        self._handlers = handlers or {}
        self._hub = hub
        self._fanout = fanout
        self._reading = engine.execution_options(isolation_level="AUTOCOMMIT")

    @classmethod
    def connect(
        cls,
        url: str,
        clock: Clock,
        jobs: JobRegistry,
        handlers: Mapping[str, Sequence[str]] | None = None,
        *,
        hub: LiveHub | None = None,
        fanout: Fanout | None = None,
        pool_size: int = 10,
        drop_to_app_role: bool = False,
    ) -> Database:
        """`drop_to_app_role`: the login is the owner's, and every connection becomes `antiphon_app` at once."""
        server_settings = {"application_name": "antiphon", "jit": "off"}
        if drop_to_app_role:
            server_settings["role"] = APP_ROLE
        engine = _engine(url, server_settings, pool_size)
        looking = _engine(url, server_settings | _LOOKING, pool_size).execution_options(isolation_level="AUTOCOMMIT")
        return cls(engine, Glances(looking, pool_size), clock, jobs, handlers, hub, fanout)

    @asynccontextmanager
    async def unit(self, actor: UUID | None = None) -> AsyncIterator[UnitOfWork]:
        """One transaction. `actor` is what row-level security sees as the person who asks; None sees public rows."""
        async with self._transaction() as uow:
            if actor is not None:
                await uow.conn.execute(_ACT_AS, {"actor": str(actor)})
            yield uow

    @asynccontextmanager
    async def system(self) -> AsyncIterator[UnitOfWork]:
        """One transaction of the house itself, for which row-level security lets every row through.

        For jobs, handlers, commands, and whoever has yet to find out who is asking.
        """
        async with self._transaction() as uow:
            await uow.conn.execute(_ACT_AS_SYSTEM)
            yield uow

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[UnitOfWork]:
        async with self.engine.connect() as conn:
            uow = UnitOfWork(conn, self.clock, self.jobs, self._handlers, self._hub, self._fanout)
            yield uow
            await uow.finish()
            await conn.commit()
        await uow.committed()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """The house reads everything, also private rows, as it was at one moment; nothing can be written."""
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        async with engine.connect() as conn:
            await conn.execute(_ACT_AS_SYSTEM)
            yield conn

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Reads of public tables, each statement for itself: no transaction, no round trips around it."""
        async with self._reading.connect() as conn:
            yield conn

    @asynccontextmanager
    async def seen_by(self, viewer: UUID | None) -> AsyncIterator[AsyncConnection]:
        """Reads of what one person sees, their own private rows too. A guest's are plain reads of public rows."""
        if viewer is None:
            async with self.read() as conn:
                yield conn
        else:
            async with self.unit(viewer) as uow:
                yield uow.conn

    def glance(self, viewer: UUID | None) -> AbstractAsyncContextManager[AsyncConnection]:
        """As `seen_by`, at a fraction of its price: nothing is sent but the statements, each planned once for all its
        values. So for short lists by ids and keys, not for statements whose plan depends on what is asked.
        """
        return self._glances.of(viewer)

    async def close(self) -> None:
        await self._glances.close()
        await self.engine.dispose()


def _engine(url: str, server_settings: Mapping[str, str], pool_size: int) -> AsyncEngine:
    return create_async_engine(
        engine_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_use_lifo=True,  # what was used last has its plans and pages at hand
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=lambda text: text,  # stores decode into their own types
        connect_args={"server_settings": dict(server_settings)},
    )


async def rows(conn: AsyncConnection, statement: str, *values: Any) -> Sequence[Any]:
    """Rows straight from the driver, a third of the price of what a statement costs otherwise; values are `$1`, `$2`.

    For the few lists that apps ask for all day.
    """
    found: Sequence[Any] = await (await driver(conn)).fetch(statement, *values)
    return found


async def changed(conn: AsyncConnection, statement: str, *values: Any) -> int:
    """As `rows`, for a statement that changes rows: how many. In the transaction of the connection."""
    raw = await driver(conn)
    if not raw.is_in_transaction():  # nothing was sent yet, BEGIN neither
        await conn.execute(text("SELECT 1"))
    said: str = await raw.execute(statement, *values)  # "INSERT 0 100", "DELETE 1"
    return int(said.rpartition(" ")[2])


def engine_url(url: str, driver: str = "postgresql+asyncpg") -> str:
    """`postgresql://…` as SQLAlchemy wants it; a socket folder in `?host=` is kept."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return urlunsplit((driver, parts.netloc, parts.path, urlencode(query), ""))
