"""Everything that is known of a person, for themselves: asked for, made in the background, fetched for a week."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.api import audit, letters
from antiphon.domains.identity.api.sessions import require_fresh
from antiphon.domains.identity.errors_privacy import DownloadRefused, ExportNotReady, ExportRunning
from antiphon.domains.identity.model_privacy import ARCHIVE_KEPT_FOR
from antiphon.domains.identity.packing import pack
from antiphon.domains.identity.store import archives as store
from antiphon.domains.identity.store import users as user_store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.archives import ArchiveWriter
from antiphon.kit.clients import Client
from antiphon.kit.clock import Clock
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, out, parse

__all__ = [
    "Export",
    "archive_key",
    "ask_export",
    "checked_download",
    "download_url",
    "drop_archives",
    "expire_exports",
    "export",
    "exports",
    "give_up_export",
    "make_export",
]

LINK_LIFE = timedelta(hours=24)
_records = msgspec.json.Decoder(dict[str, int])


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """`state` is waiting, running, ready, failed or expired. `records` counts what is in it, by kind; `missing` files
    were gone when it was made. The link holds for 24 hours; ask again for a new one."""

    id: str
    state: str
    percent: int
    bytes: int | None
    sha256: str | None
    records: dict[str, int]
    missing: int
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
    download_url: str | None


async def ask_export(uow: UnitOfWork, tools: IdentityTools, actor: Actor, client: Client) -> Export:
    """Raises StepUpNeeded, ExportRunning."""
    require_fresh(actor, uow.clock)
    export_id = await store.add_export(uow.conn, actor.user_id, uow.clock.now())
    if export_id is None:
        raise ExportRunning
    data = {"export_id": out(Kind.EXPORT, export_id)}
    await audit.record(uow, "export.asked", actor=actor.user_id, subject=actor.user_id, client=client, data=data)
    uow.defer("identity.make_export", export_id=str(export_id))
    return await export(uow.conn, tools, uow.clock, actor, export_id)


async def export(conn: AsyncConnection, tools: IdentityTools, clock: Clock, actor: Actor, export_id: UUID) -> Export:
    """Raises NotFound."""
    row = await store.get_export(conn, export_id, actor.user_id)
    if row is None:
        raise NotFound("There is no export with this id.")
    return _view(tools, clock, row)


async def exports(conn: AsyncConnection, tools: IdentityTools, clock: Clock, actor: Actor) -> list[Export]:
    """The newest first."""
    return [_view(tools, clock, row) for row in await store.exports_of(conn, actor.user_id)]


def _view(tools: IdentityTools, clock: Clock, row: store.AnyRow) -> Export:
    here = row.state == "ready" and row.expires_at > clock.now()
    sha256 = bytes(row.sha256).hex() if row.sha256 else None
    return Export(
        id=out(Kind.EXPORT, row.id),
        state="expired" if row.state == "ready" and not here else row.state,
        percent=row.percent,
        bytes=row.bytes,
        sha256=sha256,
        records=_records.decode(row.records),
        missing=row.missing,
        created_at=row.created_at,
        finished_at=row.finished_at,
        expires_at=row.expires_at,
        download_url=_signed(tools, clock, row.id, sha256, row) if here and sha256 else None,
    )


def _signed(tools: IdentityTools, clock: Clock, export_id: UUID, sha256: str, row: store.AnyRow) -> str:
    until = int(min(clock.now() + LINK_LIFE, row.expires_at).timestamp())
    public_id = out(Kind.EXPORT, export_id)
    name = f"antiphon-{row.created_at:%Y-%m-%d}.zip"
    return f"/exports/{public_id}/{name}?v={sha256}&e={until}&s={_signature(tools, public_id, sha256, until)}"


def _signature(tools: IdentityTools, public_id: str, sha256: str, until: int) -> str:
    return tools.secrets.signature("exports", f"{public_id}\n{sha256}\n{until}")


async def download_url(conn: AsyncConnection, tools: IdentityTools, clock: Clock, actor: Actor, export_id: UUID) -> str:
    """A link to the bytes that needs no token. Raises NotFound, ExportNotReady."""
    found = await export(conn, tools, clock, actor, export_id)
    if found.download_url is None:
        raise ExportNotReady
    return found.download_url


def checked_download(
    tools: IdentityTools, clock: Clock, public_id: str, sha256: str, expires: str, signature: str
) -> str:
    """The key of an archive in the object store, for who holds a link that we made. Raises DownloadRefused."""
    if not expires.isascii() or not expires.isdigit() or len(expires) > 12:
        raise DownloadRefused
    right = _signature(tools, public_id, sha256, int(expires))
    if not hmac.compare_digest(right.encode(), signature.encode()) or int(expires) < clock.now().timestamp():
        raise DownloadRefused
    return archive_key(parse(Kind.EXPORT, public_id))


def archive_key(export_id: UUID) -> str:
    """Known before there is anything under it, so that nothing can be left behind unnamed."""
    return f"exports/{out(Kind.EXPORT, export_id)}.zip"


def _scratch(tools: IdentityTools, export_id: UUID) -> Path:
    return tools.privacy.folder / f"{export_id}.export"


async def make_export(db: Database, tools: IdentityTools, export_id: UUID) -> None:
    """Pack, store, say so. Interrupted anywhere, the next try goes on with the parts that are there already."""
    path = _scratch(tools, export_id)
    async with db.system() as uow:
        row = await store.begin_export(uow.conn, export_id)
    if row is None:
        ArchiveWriter.discard(path)
        return
    last = row.percent

    async def progress(percent: int) -> None:
        nonlocal last
        if percent > last:
            last = percent
            async with db.system() as uow:
                await store.set_export_percent(uow.conn, export_id, percent)
                _tell(uow, row.user_id, export_id, "running", percent)

    manifest = await pack(
        db,
        tools.privacy.registry,
        tools.privacy.archives,
        path,
        user_id=row.user_id,
        site=tools.config.site_url,
        progress=progress,
    )
    size, digest = await asyncio.to_thread(_measured, path)
    await tools.privacy.archives.put_file(archive_key(export_id), path)
    made = {"bytes": size, "sha256": digest, "records": manifest.records, "missing": len(manifest.missing)}
    await _finish(db, tools, row.user_id, export_id, made)
    ArchiveWriter.discard(path)


def _measured(path: Path) -> tuple[int, bytes]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").digest()


async def _finish(db: Database, tools: IdentityTools, user_id: UUID, export_id: UUID, made: dict[str, object]) -> None:
    async with db.system() as uow:
        now = uow.clock.now()
        times = {"finished_at": now, "expires_at": now + ARCHIVE_KEPT_FOR}
        kept = await store.finish_export(uow.conn, export_id, {**made, **times})
        replaced = await store.older_exports(uow.conn, user_id, export_id) if kept else []
        await drop_archives(uow, tools, replaced)
        person = await user_store.user(uow.conn, user_id) if kept else None
        if person is not None:
            data = {"size": str(made["bytes"]), "expires_at": times["expires_at"].isoformat()}
            await letters.ask(uow, "export_ready", user_id=user_id, language=person.language, data=data)
            _tell(uow, user_id, export_id, "ready", 100)
    if not kept:  # the person was erased meanwhile
        await tools.privacy.archives.delete(archive_key(export_id))


async def drop_archives(uow: UnitOfWork, tools: IdentityTools, export_ids: Sequence[UUID]) -> None:
    """Their bytes go before the commit says so: what is repeated finds nothing and harms nothing."""
    for export_id in export_ids:
        await tools.privacy.archives.delete(archive_key(export_id))
    if export_ids:
        await store.set_expired(uow.conn, export_ids)


async def give_up_export(db: Database, tools: IdentityTools, export_id: UUID) -> None:
    ArchiveWriter.discard(_scratch(tools, export_id))
    await tools.privacy.archives.delete(archive_key(export_id))
    async with db.system() as uow:
        user_id = await store.fail_export(uow.conn, export_id, uow.clock.now())
        if user_id is not None:
            _tell(uow, user_id, export_id, "failed", 0)


async def expire_exports(db: Database, tools: IdentityTools) -> None:
    """Archives past their week go, and so do files that an interrupted export or import left here."""
    while True:
        async with db.system() as uow:
            expired = list(await store.expired_exports(uow.conn, uow.clock.now()))
            await drop_archives(uow, tools, expired)
        if not expired:
            break
    async with db.system() as uow:
        wanted = {str(one) for one in await store.running(uow.conn)}
        before = (uow.clock.now() - timedelta(days=1)).timestamp()
    for path in tools.privacy.folder.glob("*"):
        if path.stem not in wanted and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _tell(uow: UnitOfWork, user_id: UUID, export_id: UUID, state: str, percent: int) -> None:
    data = {"id": out(Kind.EXPORT, export_id), "state": state, "percent": percent}
    uow.say(f"user:{out(Kind.USER, user_id)}", "export", data)
