"""Who may publish as a new artist, where the operator wants to be asked."""

from __future__ import annotations

from uuid import UUID

from antiphon.domains.catalog.api.access import require_manager
from antiphon.domains.catalog.api.artists import artist
from antiphon.domains.catalog.api.processing import publish_awaited
from antiphon.domains.catalog.errors import ArtistNotFound, DecidedAlready, NotRefused
from antiphon.domains.catalog.fields import required
from antiphon.domains.catalog.model import Applicant, Approval, FullArtist, WaitingArtist
from antiphon.domains.catalog.store import approvals as store
from antiphon.domains.catalog.store import artists as artist_store
from antiphon.domains.catalog.store import personal as personal_store
from antiphon.domains.catalog.views import waiting_artist_view
from antiphon.domains.identity import api as identity
from antiphon.facts.catalog import ArtistApproved
from antiphon.kit.clients import Client
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, out
from antiphon.kit.paging import Page, PageRequest, TimeKey, cut

__all__ = ["approve", "ask_again", "publish_what_waited", "refuse", "waiting"]


async def waiting(uow: UnitOfWork, viewer: identity.Actor, request: PageRequest) -> Page[WaitingArtist]:
    """The queue, those that have waited longest first."""
    rows = await store.page(uow.conn, request.position(TimeKey), request.limit + 1)
    page = cut(rows, request, lambda row: (row.approval_asked_at.isoformat(), str(row.id)))
    makers = {row.created_by for row in rows if row.created_by}
    known = {maker: await _applicant(uow, maker, viewer) for maker in makers}
    return page.map(lambda row: waiting_artist_view(row, known.get(row.created_by)))


async def _applicant(uow: UnitOfWork, user_id: UUID, viewer: identity.Actor) -> Applicant | None:
    try:
        person = await identity.user_by_id(uow.conn, user_id, viewer)
    except NotFound:
        return None
    return Applicant(id=person.id, handle=person.handle, display_name=person.display_name)


async def approve(uow: UnitOfWork, artist_id: UUID, *, by: UUID | None, client: Client | None = None) -> None:
    """Its owners become artists and are told. `by` None: the house itself. Raises ArtistNotFound, DecidedAlready."""
    name = await _decide(uow, artist_id, "approved", None, by)
    about = identity.ArtistDecision(artist=out(Kind.ARTIST, artist_id), name=name, by=by, client=client)
    await identity.artist_approved(uow, await _owners(uow, artist_id), about)
    uow.add_fact(ArtistApproved(subject=artist_id))


async def refuse(uow: UnitOfWork, artist_id: UUID, reason: str, *, by: UUID, client: Client) -> None:
    """Its owners are told why, and may ask again. Raises Invalid, ArtistNotFound, DecidedAlready."""
    why = required(reason, "/reason")
    name = await _decide(uow, artist_id, "refused", why, by)
    about = identity.ArtistDecision(artist=out(Kind.ARTIST, artist_id), name=name, by=by, client=client)
    await identity.artist_refused(uow, await _owners(uow, artist_id), about, why)


async def ask_again(uow: UnitOfWork, user_id: UUID, artist_id: UUID, client: Client) -> FullArtist:
    """Raises ArtistNotFound, NotManager, NotRefused."""
    await require_manager(uow.conn, artist_id, user_id)
    if not await store.ask_again(uow.conn, artist_id, uow.clock.now()):
        raise NotRefused
    await identity.artist_asked(uow, user_id, artist=out(Kind.ARTIST, artist_id), client=client)
    return await artist(uow.conn, artist_id, user_id)


async def publish_what_waited(uow: UnitOfWork, artist_id: UUID) -> None:
    """What came with an import and was public there."""
    for track_id in await personal_store.ready_wishes_for(uow.conn, artist_id):
        await publish_awaited(uow, track_id)


async def _decide(uow: UnitOfWork, artist_id: UUID, approval: Approval, reason: str | None, by: UUID | None) -> str:
    """Of two who decide at once, the second is told that it is done."""
    name = await store.decide(uow.conn, artist_id, approval, reason=reason, by=by, now=uow.clock.now())
    if name is None:
        raise DecidedAlready if await store.is_there(uow.conn, artist_id) else ArtistNotFound
    return name


async def _owners(uow: UnitOfWork, artist_id: UUID) -> list[UUID]:
    managers = await artist_store.managers(uow.conn, artist_id)
    return [row.user_id for row in managers or () if row.kind == "owner"]
