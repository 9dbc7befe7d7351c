"""Scans of the libraries."""

from __future__ import annotations

from typing import Any

import msgspec

from antiphon.domains.identity.api import can
from antiphon.domains.media import api as media
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.failures import DENIED, Failed
from antiphon.entry.subsonic.registry import Answer, endpoint


@endpoint("getScanStatus")
async def get_scan_status(call: Call) -> Answer:
    async with call.house.db.system() as uow:
        return {"scanStatus": _shown(await media.scan_status(uow.conn))}


@endpoint("startScan", permission="content.edit", cost="write")
async def start_scan(call: Call) -> Answer:
    """A player of somebody who runs libraries may ask for it: a scan adds nothing that does not lie there already."""
    actor = call.actor
    if actor is None or not can(msgspec.structs.replace(actor, scopes=None), "libraries.manage").allowed:
        raise Failed(DENIED, "Only who looks after the libraries may scan them.")
    async with call.house.db.system() as uow:
        await media.start_scan(uow, full=call.params.flag("fullScan", False))
        status = await media.scan_status(uow.conn)
    return {"scanStatus": _shown(status)}


def _shown(status: media.ScanStatus) -> dict[str, Any]:
    shown: dict[str, Any] = {"scanning": status.scanning, "count": status.count, "folderCount": status.folders}
    return shown if status.last_scan is None else shown | {"lastScan": status.last_scan}
