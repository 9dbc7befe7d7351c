"""What a device may keep to be heard without the network."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx

from antiphon.entry.bootstrap import House
from tests.support.answers import refused
from tests.support.people import Maker

API = "/api/v1"


async def test_ones_own_stays_and_the_rest_is_asked_for_again(
    make: Maker, http: httpx.AsyncClient, house: House
) -> None:
    ada, eve = await make.person(), await make.person()
    artist = await make.artist(ada)
    song, draft = await make.track(ada, artist), await make.track(ada, artist, published=False)
    asked = {"content_id": [song["id"], draft["id"], "trk_nonsense"]}

    own, own_draft, wrong = (await ada.get("/stream/offline", params=asked)).json()
    assert own == {"content_id": song["id"], "expires_at": None, "refused": None}
    assert own_draft["expires_at"] is own_draft["refused"] is None
    assert wrong == {"content_id": "trk_nonsense", "expires_at": None, "refused": "not_found"}

    lent, hidden, _ = (await eve.get("/stream/offline", params=asked)).json()
    assert lent["refused"] is None
    assert datetime.fromisoformat(lent["expires_at"]) - house.clock.now() <= timedelta(days=30)
    assert datetime.fromisoformat(lent["expires_at"]) - house.clock.now() > timedelta(days=29)
    assert hidden == {"content_id": draft["id"], "expires_at": None, "refused": "content_not_found"}

    assert (await ada.post(f"/content/{song['id']}/unpublish")).status_code == 200
    assert (await eve.get("/stream/offline", params=asked)).json()[0]["refused"] == "content_not_found"
    assert refused(await http.get(f"{API}/stream/offline", params=asked)) == (401, "unauthenticated")
    assert (await ada.get("/stream/offline")).status_code == 422
