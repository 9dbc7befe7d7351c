"""The link that lets the first administrator in."""

from __future__ import annotations

import asyncio

import httpx

from antiphon.entry.bootstrap import House
from antiphon.entry.cli.admin import administrator_link
from tests.support.answers import rows


async def _asked(house: House, *, only_first: bool = False) -> str | None:
    async with house.db.system() as uow:
        return await administrator_link(uow, only_first=only_first)


async def _signed_in(http: httpx.AsyncClient, token: str | None) -> httpx.Response:
    return await http.post("/api/v1/auth/link", json={"token": token})


async def test_all_who_ask_at_once_are_let_in_as_the_same_administrator(house: House, http: httpx.AsyncClient) -> None:
    """The server prints a link when it starts; whoever runs the machine may ask for one in the same moment."""
    links = await asyncio.gather(*(_asked(house, only_first=which == 0) for which in range(4)))
    signed_in = [(await _signed_in(http, link)).json()["user"] for link in links]
    assert {(user["handle"], user["id"]) for user in signed_in} == {("admin", signed_in[0]["id"])}
    assert len(await rows(house.db, "SELECT user_id FROM identity.user_roles WHERE role = 'admin'")) == 1


async def test_a_start_offers_no_link_once_the_administrator_was_there(house: House, http: httpx.AsyncClient) -> None:
    link = await _asked(house, only_first=True)
    assert (await _asked(house, only_first=True)) not in (None, link), "nobody has signed in yet"
    assert (await _signed_in(http, link)).status_code == 200
    assert await _asked(house, only_first=True) is None
    assert await _asked(house) is not None, "asked for, it comes all the same"
    assert (await _signed_in(http, link)).status_code == 401, "and each lets in once"
