"""Planned albums that a person will like as soon as they are public."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from antiphon.domains.catalog import api as catalog
from antiphon.domains.social.store import pre_saves as store
from antiphon.facts.social import Liked
from antiphon.kit.db import UnitOfWork, act_for_the_house
from antiphon.kit.ids import Kind, out
from antiphon.kit.paging import Page, PageRequest, cut

__all__ = [
    "PreSave",
    "PreSaveCount",
    "count_pre_saves",
    "keep_pre_saved",
    "pre_save",
    "pre_saves",
    "take_back_pre_save",
]

AT_ONCE = 500


class PreSave(msgspec.Struct, frozen=True, kw_only=True):
    """`announcement` is null while the album is not announced: nothing comes of it then, unless it is public later."""

    id: str
    saved_at: datetime
    announcement: catalog.Announcement | None


class PreSaveCount(msgspec.Struct, frozen=True):
    count: int


async def pre_save(uow: UnitOfWork, user_id: UUID, album_id: UUID) -> None:
    """Doing it again changes nothing, not even the time. Raises NotAnnounced.

    The album is not published before this is committed: whoever looks for pre-saves of it afterwards finds this one.
    """
    await store.put(uow.conn, user_id, album_id, uow.clock.now())
    await act_for_the_house(uow.conn)  # for others an announced album is a draft
    await catalog.hold_announced(uow.conn, album_id)


async def take_back_pre_save(uow: UnitOfWork, user_id: UUID, album_id: UUID) -> None:
    """Taking back what was not given changes nothing."""
    await store.take_back(uow.conn, user_id, album_id)


async def pre_saves(
    uow: UnitOfWork, user_id: UUID, request: PageRequest, album_id: UUID | None = None
) -> Page[PreSave]:
    """The newest first; of one album, where it is given. Two queries."""
    rows = await store.page(uow.conn, user_id, request, album_id)
    page = cut(rows, request, lambda row: (row.saved_at.isoformat(), str(row.work_id)))
    await act_for_the_house(uow.conn)
    found = await catalog.announcements(uow.conn, [row.work_id for row in page.items])
    return page.map(
        lambda row: PreSave(id=out(Kind.ALBUM, row.work_id), saved_at=row.saved_at, announcement=found.get(row.work_id))
    )


async def count_pre_saves(uow: UnitOfWork, user_id: UUID, album_id: UUID) -> PreSaveCount:
    """For those who manage the album: how many, never who. Raises AlbumNotFound, NotManager."""
    await catalog.require_editable(uow, user_id, album_id, album=True)
    await act_for_the_house(uow.conn)
    return PreSaveCount(await store.count(uow.conn, album_id))


async def keep_pre_saved(uow: UnitOfWork) -> int:
    """Some hundreds of those who pre-saved what is public by now like it from now on. Answers how many; 0 once all do.

    A pre-save is used up by the statement that makes the like: doing it again finds nothing, and what somebody took
    back since is not given again.
    """
    now, done = uow.clock.now(), 0
    for album_id in await catalog.public_albums(uow.conn, await store.albums(uow.conn)):
        for row in await store.become_likes(uow.conn, album_id, now, AT_ONCE - done):
            done += 1
            if row.likes:
                uow.add_fact(Liked(subject=album_id, user_id=row.user_id, kind="album"))
        if done >= AT_ONCE:
            break
    return done
