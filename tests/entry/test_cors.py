"""Pages of other sites: kept out unless the operator names them."""

from __future__ import annotations

from dataclasses import replace

import httpx
import msgspec
import pytest

from antiphon.entry.bootstrap import House
from antiphon.entry.http.app import create_app

FRIEND = "https://radio.example"


@pytest.fixture
def opened(house: House) -> httpx.AsyncClient:
    settings = msgspec.structs.replace(house.settings, cors_origins=f"{FRIEND}, https://label.example")
    transport = httpx.ASGITransport(app=create_app(replace(house, settings=settings)))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://localhost:8420")


async def test_a_named_site_may_call_the_api(opened: httpx.AsyncClient) -> None:
    asked = {
        "Origin": FRIEND,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "upload-offset",
    }
    allowed = await opened.options("/api/v1/content/discover", headers=asked)
    assert allowed.headers["access-control-allow-origin"] == FRIEND
    answer = await opened.get("/api/v1/about", headers={"Origin": FRIEND})
    assert answer.headers["access-control-allow-origin"] == FRIEND
    assert "Content-Location" in answer.headers["access-control-expose-headers"]


async def test_others_may_not(opened: httpx.AsyncClient, http: httpx.AsyncClient) -> None:
    stranger = await opened.get("/api/v1/about", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in stranger.headers
    unset = await http.get("/api/v1/about", headers={"Origin": FRIEND})
    assert "access-control-allow-origin" not in unset.headers
