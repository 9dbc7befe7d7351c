"""Internet radio stations. The answer spells `homePageUrl`, the request `homepageUrl`; either is understood."""

from __future__ import annotations

import msgspec

from antiphon.domains.identity.api import can
from antiphon.domains.live import api as live
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.failures import DENIED, Failed
from antiphon.entry.subsonic.registry import Answer, endpoint

MANAGE = "content.edit"  # what an app password can have; the role decides


@endpoint("getInternetRadioStations")
async def get_internet_radio_stations(call: Call) -> Answer:
    async with call.reading() as conn:
        found = await live.stations(conn)
    shown = [
        {"id": one.id, "name": one.name, "streamUrl": one.stream_url}
        | ({"homePageUrl": one.home_page} if one.home_page else {})
        | ({"coverArt": one.id} if one.cover else {})
        for one in found
    ]
    return {"internetRadioStations": {"internetRadioStation": shown}}


def _require_manager(call: Call) -> None:
    """Raises Failed (50)."""
    actor = call.actor
    if actor is None or not can(msgspec.structs.replace(actor, scopes=None), "radio.manage").allowed:
        raise Failed(DENIED, "Only administrators choose radio stations.")


def _words(call: Call) -> live.StationWords:
    return live.StationWords(
        name=call.params.needed("name")[:200],
        stream_url=call.params.needed("streamUrl"),
        home_page=call.params.text("homepageUrl") or call.params.text("homePageUrl") or "",
    )


@endpoint("createInternetRadioStation", permission=MANAGE, cost="write")
async def create_internet_radio_station(call: Call) -> Answer:
    _require_manager(call)
    words = _words(call)
    async with call.changing() as uow:
        await live.add_station(uow, words)
    return {}


@endpoint("updateInternetRadioStation", permission=MANAGE, cost="write")
async def update_internet_radio_station(call: Call) -> Answer:
    _require_manager(call)
    station_id, words = call.params.needed("id"), _words(call)
    async with call.changing() as uow:
        await live.change_station(uow, station_id, words)
    return {}


@endpoint("deleteInternetRadioStation", permission=MANAGE, cost="write")
async def delete_internet_radio_station(call: Call) -> Answer:
    _require_manager(call)
    station_id = call.params.needed("id")
    async with call.changing() as uow:
        await live.delete_station(uow, station_id)
    return {}
