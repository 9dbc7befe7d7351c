"""An archive of another install, taken in: received, checked as a whole, then handed to every domain in turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.api import audit
from antiphon.domains.identity.errors_privacy import ArchiveInvalid, ArchiveTooLarge, ImportNotReviewed, ImportRunning
from antiphon.domains.identity.store import archives as store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.domains.identity.unpacking import ImportEnded, Suitcase, UnsureWork, open_archive
from antiphon.kit.archives import ArchiveRefused
from antiphon.kit.clients import Client
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid, NotFound
from antiphon.kit.ids import Kind, new_uuid, out, parse
from antiphon.kit.paging import Page, PageRequest, cut

__all__ = [
    "Import",
    "ImportReport",
    "ImportReview",
    "Leftover",
    "apply_import",
    "begin_import",
    "drop_import",
    "end_old_reviews",
    "give_up_import",
    "import_report",
    "imports",
    "take_in",
    "unsure_works",
]

OUR_TROUBLE, DROPPED, NOT_REVIEWED = "import_failed", "import_dropped", "import_not_reviewed"
REVIEW_WITHIN = timedelta(days=7)
_unsure = msgspec.json.Decoder(list[UnsureWork])
_unsure_work = msgspec.json.Decoder(UnsureWork)
_NAMED = {"tracks": Kind.TRACK, "albums": Kind.ALBUM, "artists": Kind.ARTIST}
_counts = msgspec.json.Decoder(dict[str, int])


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """`state` is waiting, running, review, done or failed. `taken` counts what is here now, by kind; `left` what is
    not. In a review, `found` counts what will be taken of likes, ratings, playlists and plays."""

    id: str
    state: str
    percent: int
    bytes: int
    publish: bool
    taken: dict[str, int]
    found: dict[str, int]
    left: int
    error_code: str | None
    created_at: datetime
    finished_at: datetime | None


class Leftover(msgspec.Struct, frozen=True, kw_only=True):
    """A record that was not taken: its kind, its id where it came from, and why.

    `label` is what people know it by; empty where the archive does not say.
    """

    name: str
    source: str
    reason: str
    label: str


class ImportReport(Import, frozen=True, kw_only=True):
    """`leftovers` are the first thousand of those that were left. `unsure_count` works may be several here, among which
    one chooses in a review."""

    leftovers: list[Leftover]
    unsure_count: int


class ImportReview(msgspec.Struct, frozen=True):
    """`choices`: of a work of the archive, by its id there, which of the candidates it is. The others are left out."""

    choices: dict[str, str] = {}


async def begin_import(
    db: Database,
    tools: IdentityTools,
    actor: Actor,
    chunks: AsyncIterator[bytes],
    *,
    declared: int,
    publish: bool,
    review: bool,
    client: Client,
) -> Import:
    """Receive the archive and check it as a whole; what is refused leaves nothing behind.

    `declared` is what the client says that comes, in bytes. `review`: what it says of works of others waits until its
    person has looked through it. Raises ArchiveTooLarge, ArchiveInvalid, ImportRunning.
    """
    if declared > tools.privacy.import_max:
        raise ArchiveTooLarge(limit_bytes=tools.privacy.import_max)
    import_id = new_uuid()
    path = _received(tools, import_id)
    try:
        await _receive(path, chunks, tools.privacy.import_max)
        reader, _ = await asyncio.to_thread(open_archive, path, tools.privacy.import_max)
        reader.close()
        async with db.unit(actor.user_id) as uow:
            size = path.stat().st_size
            if not await store.add_import(uow.conn, import_id, actor.user_id, size, publish, review, uow.clock.now()):
                raise ImportRunning
            uow.defer("identity.take_import", import_id=str(import_id))
            data = {"import_id": out(Kind.IMPORT, import_id)}
            await audit.record(
                uow, "import.begun", actor=actor.user_id, subject=actor.user_id, client=client, data=data
            )
            return _view(await _row(uow.conn, import_id, actor.user_id))
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _received(tools: IdentityTools, import_id: UUID) -> Path:
    return tools.privacy.folder / f"{import_id}.zip"


async def _receive(path: Path, chunks: AsyncIterator[bytes], limit: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with path.open("wb") as file:
        async for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise ArchiveTooLarge(limit_bytes=limit)
            await asyncio.to_thread(file.write, chunk)


async def imports(conn: AsyncConnection, actor: Actor) -> list[Import]:
    """The newest first."""
    return [_view(row) for row in await store.imports_of(conn, actor.user_id)]


async def import_report(conn: AsyncConnection, actor: Actor, import_id: UUID) -> ImportReport:
    """Raises NotFound."""
    row = await _row(conn, import_id, actor.user_id)
    left = await store.leftovers(conn, import_id)
    return ImportReport(
        **msgspec.structs.asdict(_view(row)),
        leftovers=[Leftover(name=one.name, source=one.source, reason=one.reason, label=one.label) for one in left],
        unsure_count=row.unsure_count,
    )


async def unsure_works(conn: AsyncConnection, actor: Actor, import_id: UUID, request: PageRequest) -> Page[UnsureWork]:
    """As they were found, five thousand at the most. Raises NotFound."""
    await _row(conn, import_id, actor.user_id)
    rows = await store.unsure_page(conn, import_id, request)
    return cut(rows, request, lambda row: (row.place, str(import_id))).map(lambda row: _unsure_work.decode(row.work))


async def apply_import(uow: UnitOfWork, actor: Actor, import_id: UUID, review: ImportReview) -> Import:
    """Take in what was looked through. Raises NotFound, ImportNotReviewed where it does not wait for that, Invalid
    for what is no candidate."""
    await _row(uow.conn, import_id, actor.user_id)
    unsure = {one.source: one for one in _unsure.decode(await store.unsure(uow.conn, import_id))}
    if not await store.apply_import(uow.conn, import_id, actor.user_id):
        raise ImportNotReviewed
    chosen_works: list[tuple[str, str, UUID]] = []
    for source, chosen in review.choices.items():
        work = unsure.get(source)
        if work is None or chosen not in {one.id for one in work.candidates}:
            raise Invalid(FieldProblem("/choices", "unknown", "This is none of the works that it may be."))
        chosen_works.append((work.name, source, parse(_NAMED[work.name], chosen)))
    await store.remember_all(uow.conn, actor.user_id, chosen_works)
    uow.defer("identity.take_import", import_id=str(import_id))
    return _view(await _row(uow.conn, import_id, actor.user_id))


async def drop_import(db: Database, tools: IdentityTools, actor: Actor, import_id: UUID) -> None:
    """What the archive says of works of others is not taken. Raises NotFound, ImportNotReviewed."""
    async with db.unit(actor.user_id) as uow:
        await _row(uow.conn, import_id, actor.user_id)
        if not await store.end_reviews(uow.conn, DROPPED, uow.clock.now(), import_id=import_id):
            raise ImportNotReviewed
    _received(tools, import_id).unlink(missing_ok=True)


async def end_old_reviews(db: Database, tools: IdentityTools) -> None:
    """Archives that nobody has looked through for a week go."""
    async with db.system() as uow:
        now = uow.clock.now()
        ended = await store.end_reviews(uow.conn, NOT_REVIEWED, now, before=now - REVIEW_WITHIN)
    for import_id in ended:
        _received(tools, import_id).unlink(missing_ok=True)


async def _row(conn: AsyncConnection, import_id: UUID, user_id: UUID) -> store.AnyRow:
    row = await store.get_import(conn, import_id, user_id)
    if row is None:
        raise NotFound("There is no import with this id.")
    return row


def _view(row: store.AnyRow) -> Import:
    return Import(
        id=out(Kind.IMPORT, row.id),
        state=row.state,
        percent=row.percent,
        bytes=row.bytes,
        publish=row.publish,
        taken=_counts.decode(row.taken),
        found=_counts.decode(row.found),
        left=row.left_count,
        error_code=row.error_code,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


async def take_in(db: Database, tools: IdentityTools, import_id: UUID) -> None:
    """Every domain takes its part, the lowest first. Interrupted, it goes on: what is here is not made again."""
    async with db.system() as uow:
        row = await store.begin_import(uow.conn, import_id)
    path = _received(tools, import_id)
    if row is not None:
        try:
            looked_at = await _take(db, tools, row, path)
            if row.review:
                await _await_review(db, import_id, looked_at)
                return
        except (ArchiveInvalid, ArchiveRefused) as error:
            await _end(db, import_id, "failed", error.reason)
        except ImportEnded:
            pass
        else:
            await _end(db, import_id, "done", None)
    path.unlink(missing_ok=True)


async def _await_review(db: Database, import_id: UUID, looked_at: Suitcase) -> None:
    found = msgspec.json.encode(looked_at.looked_at).decode()
    unsure = msgspec.json.encode(list(looked_at.unsure_works.values())).decode()
    async with db.system() as uow:
        user_id = await store.await_review(uow.conn, import_id, found, unsure)
        if user_id is not None:
            _tell(uow, user_id, import_id, "review")


async def _take(db: Database, tools: IdentityTools, row: store.AnyRow, path: Path) -> Suitcase:
    reader, manifest = await asyncio.to_thread(open_archive, path, tools.privacy.import_max)
    try:
        suitcase = Suitcase(
            db,
            reader,
            import_id=row.id,
            user_id=row.user_id,
            publish=row.publish,
            reviewing=row.review,
            expected=sum(manifest.records.values()),
            folder=tools.privacy.folder,
        )
        for data in tools.privacy.registry.all():
            if data.take is not None:
                await data.take(suitcase)
        await suitcase.finish()
        return suitcase
    finally:
        reader.close()


async def give_up_import(db: Database, tools: IdentityTools, import_id: UUID) -> None:
    await _end(db, import_id, "failed", OUR_TROUBLE)
    _received(tools, import_id).unlink(missing_ok=True)


async def _end(db: Database, import_id: UUID, state: str, error_code: str | None) -> None:
    async with db.system() as uow:
        user_id = await store.end_import(uow.conn, import_id, state, error_code, uow.clock.now())
        if user_id is not None:
            _tell(uow, user_id, import_id, state)


def _tell(uow: UnitOfWork, user_id: UUID, import_id: UUID, state: str) -> None:
    data = {"id": out(Kind.IMPORT, import_id), "state": state}
    uow.say(f"user:{out(Kind.USER, user_id)}", "import", data)
