"""Pictures of artists, albums, tracks and folders, at any size."""

from __future__ import annotations

from uuid import UUID

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media import model
from antiphon.domains.media.api.library import picture_bytes, picture_of
from antiphon.domains.media.covers.coverer import PictureForm, PictureSource
from antiphon.domains.media.covers.coverer import Small as SmallPicture
from antiphon.domains.media.errors import ObjectMissing
from antiphon.domains.media.tools import MediaTools
from antiphon.domains.media.transcodes.sounds import WholeFile
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind

__all__ = ["COVERED", "SmallPicture", "cover", "picture", "plain_cover"]

COVERED = frozenset({Kind.ARTIST, Kind.ALBUM, Kind.TRACK, Kind.FOLDER})


async def cover(
    db: Database, tools: MediaTools, viewer: UUID | None, kind: Kind, subject: UUID, size: int | None, form: PictureForm
) -> WholeFile | None:
    """Of what the viewer may see; None where there is no picture, or no such thing for them.

    What somebody chose comes before what lies in the folder, and that before what is within a sound file.
    """

    async def find() -> PictureSource | None:
        async with db.read() if viewer is None else db.glance(viewer) as conn:
            shown = await catalog.portrait(conn, kind, subject)
            if shown is None:
                return None
            if shown.image is not None:
                return _stored(tools, shown.image.sizes)
            tracks = await catalog.pictured_tracks(conn, kind, subject)
            place = await picture_of(conn, tracks) if tracks else None
        if place is None:
            return None

        async def read() -> bytes | None:
            return await picture_bytes(tools, place, model.PICTURE_MAX)

        return PictureSource(f"{place.path}\n{place.embedded}\n{place.version}", read)

    source = await tools.coverer.source(viewer, subject, find)
    if source is None:
        return None
    found = await tools.coverer.scaled(source, size, form)
    if found is not None:
        await tools.coverer.small(source, size, form, found)
    return found


async def picture(tools: MediaTools, sizes: dict[str, str], size: int | None, form: PictureForm) -> WholeFile | None:
    """Out of stored ones, by their addresses: a portrait."""
    source = _stored(tools, sizes)
    return None if source is None else await tools.coverer.scaled(source, size, form)


def plain_cover(tools: MediaTools) -> WholeFile:
    return tools.coverer.plain()


def _stored(tools: MediaTools, sizes: dict[str, str]) -> PictureSource | None:
    """The largest: smaller ones are scaled from it."""
    if not sizes:
        return None
    url = sizes[max(sizes, key=int)]
    sha256 = url.rpartition("/")[2].partition(".")[0]

    async def read() -> bytes | None:
        try:
            return await tools.objects.read(model.picture_key(sha256))
        except ObjectMissing:
            return None

    return PictureSource(sha256, read)
