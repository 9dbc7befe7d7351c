"""What is told of the time that answers took."""

from __future__ import annotations

import re

import httpx

from antiphon.kit import metrics

ROUTE = "/api/v1/genres"


async def _counted(http: httpx.AsyncClient, status: int) -> float:
    told = (await http.get("/metrics")).text
    of = rf'^antiphon_http_request_seconds_count{{method="GET",route="{ROUTE}",status="{status}"}} (\S+)$'
    found = re.search(of, told, re.MULTILINE)
    return float(found[1]) if found else 0.0


async def test_every_answer_is_counted_whatever_it_was(http: httpx.AsyncClient) -> None:
    good, bad = await _counted(http, 200), await _counted(http, 401)
    for _ in range(3):
        assert (await http.get(ROUTE)).status_code == 200
    assert (await http.get(ROUTE, headers={"Authorization": "Bearer no"})).status_code == 401
    assert (await _counted(http, 200), await _counted(http, 401)) == (good + 3, bad + 1)
    assert await _counted(http, 200) == good + 3


async def test_what_nobody_asks_about_is_not_gathered_for_ever() -> None:
    times = metrics.Times()
    for _ in range(2_500):
        times.add("GET", "test-of-gathering", 200, 0.002)
    assert len(times._gathered) < 1_000
