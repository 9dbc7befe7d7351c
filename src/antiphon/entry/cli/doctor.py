"""`antiphon doctor`: what is wrong, and what to do."""

from __future__ import annotations

import asyncio
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from sqlalchemy import create_engine, text

from antiphon.adapters.mail import open_mailer
from antiphon.adapters.objects import store_of
from antiphon.adapters.oidc import open_providers
from antiphon.domains.identity.api import ProviderRefused, ProviderUnavailable, callback_address
from antiphon.entry.cli.mail import REMEDIES
from antiphon.entry.database import embedded, logins
from antiphon.entry.edge import edge_of
from antiphon.entry.http.client import CLIENT_FOLDER
from antiphon.kit.clock import SystemClock
from antiphon.kit.db import engine_url
from antiphon.kit.errors import AppError
from antiphon.kit.limits import LimitsDown
from antiphon.kit.settings import Settings, SettingsError
from antiphon.migrations import current_and_head

__all__ = ["examine"]

LEAST_FREE = 2 * 1024**3
PROVIDERS_GUIDE = "docs/guides/sign-in-providers.md"


@dataclass(frozen=True, slots=True)
class Finding:
    """`remedy` is None where all is well."""

    subject: str
    detail: str
    remedy: str | None = None


def examine(settings: Settings) -> int:
    """Prints a line for each thing looked at; 1 where something must be done."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    checks: list[Callable[[Settings], Finding]] = [
        _python,
        _home,
        _disk,
        _client,
        _port,
        _objects,
        _limits,
        _mail,
        *(_provider(given.id) for given in settings.providers),
        _database,
    ]
    bad = 0
    for check in checks:
        try:
            found = check(settings)
        except Exception as error:  # a doctor must not fall ill: what breaks a check is its finding
            found = Finding(check.__name__.strip("_"), f"{type(error).__name__}: {error}", "See the message.")
        mark = "ok " if found.remedy is None else "BAD"
        console.print(f"{mark}  {found.subject:<10} {found.detail}")
        if found.remedy is not None:
            bad += 1
            console.print(f"     → {found.remedy}")
    return 1 if bad else 0


def _python(_settings: Settings) -> Finding:
    return Finding("python", sys.version.split()[0])


def _home(settings: Settings) -> Finding:
    settings.home.mkdir(parents=True, exist_ok=True)
    probe = settings.home / ".doctor"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Finding("data", f"{settings.home}: {error}", "Make the folder writable, or set ANTIPHON_HOME.")
    return Finding("data", str(settings.home))


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.home).free
    detail = f"{free / 1024**3:.1f} GiB free"
    return Finding("disk", detail, None if free >= LEAST_FREE else "Make room, or move ANTIPHON_HOME.")


def _client(_settings: Settings) -> Finding:
    if (CLIENT_FOLDER / "index.html").exists():
        return Finding("client", "built")
    return Finding("client", "the web client is not built", "Run `make run`, or install the wheel.")


def _port(settings: Settings) -> Finding:
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex(("127.0.0.1", settings.port)) == 0
    return Finding("port", f"{settings.port} {'answers: a server runs' if taken else 'is free'}")


def _objects(settings: Settings) -> Finding:
    asyncio.run(store_of(settings, SystemClock()).check())
    return Finding("objects", "writable")


def _limits(settings: Settings) -> Finding:
    """Without a counter nobody signs in, so one that is away is a finding; none at all is a choice."""
    limits = edge_of(settings, SystemClock()).limits
    if limits is None:
        return Finding("limits", "switched off: anybody may ask and guess as often as they like")
    where = "Redis" if settings.limits_url else "on this machine"

    async def ask() -> None:
        await limits.check()
        await limits.close()

    try:
        asyncio.run(ask())
    except LimitsDown as error:
        remedy = "Start Redis, or correct ANTIPHON_LIMITS_URL." if settings.limits_url else "See the data folder."
        return Finding("limits", str(error), remedy)
    return Finding("limits", f"counted {where}")


def _mail(settings: Settings) -> Finding:
    """A mail server that does not answer now is a finding; none at all is a choice."""
    try:
        return Finding("mail", asyncio.run(open_mailer(settings, SystemClock()).check()))
    except AppError as error:
        return Finding("mail", f"{error.title}: {error.detail}", REMEDIES[type(error)])


def _provider(provider_id: str) -> Callable[[Settings], Finding]:
    """One that cannot be reached lets nobody in who has no other way, and says nothing before somebody tries."""

    async def ask(settings: Settings) -> str:
        mine = [given for given in settings.providers if given.id == provider_id]
        provider = open_providers(mine, SystemClock())[provider_id]
        try:
            return await provider.check(callback_address(settings.site_url, provider_id))
        finally:
            await provider.close()

    def provider(settings: Settings) -> Finding:
        try:
            return Finding("provider", f"{provider_id}: {asyncio.run(ask(settings))}")
        except SettingsError as error:
            return Finding("provider", str(error), f"Correct it; {PROVIDERS_GUIDE} has all members.")
        except ProviderUnavailable as error:
            return Finding(
                "provider",
                f"{provider_id} cannot be used: {error.reason}",
                f"Is it up, reachable from here, and its issuer written as it writes it itself? See {PROVIDERS_GUIDE}.",
            )
        except ProviderRefused as error:
            return Finding(
                "provider",
                f"{provider_id} refuses our client: {error.reason}",
                f"Correct client_id and client_secret (or the key), and register "
                f"{callback_address(settings.site_url, provider_id)} there.",
            )

    return provider


def _database(settings: Settings) -> Finding:
    own = embedded(settings)
    started = False
    if own is not None:
        try:
            own.start()
            started = True
        except Exception as error:  # a running server holds it: then it is looked at as it runs
            if getattr(error, "code", "") != "database_in_use":
                raise
    try:
        login = logins(settings)
        engine = create_engine(engine_url(login.owner_url, "postgresql+psycopg"))
        with engine.connect() as conn:
            number = int(conn.execute(text("SHOW server_version_num")).scalar_one())
        engine.dispose()
        if number < 180000:
            return Finding("database", f"PostgreSQL {number // 10000}", "Antiphon needs PostgreSQL 18 or newer.")
        current, head = current_and_head(login.owner_url)
        if current != head:
            return Finding("database", f"is at revision {current}, newest is {head}", "Run `antiphon migrate`.")
        return Finding("database", f"PostgreSQL {number // 10000}.{number % 10000}, revision {current}")
    finally:
        if started and own is not None:
            own.stop()
