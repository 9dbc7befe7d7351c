"""What is written of a request."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from structlog.testing import capture_logs

from antiphon.kit.logs import get_logger
from tests.support.logs import logging_as


async def test_a_request_is_logged_without_its_query_and_its_headers(http: httpx.AsyncClient) -> None:
    secrets = {"u": "ada", "p": "plain-secret", "t": "token-secret", "s": "salt-secret", "apiKey": "key-secret"}
    headers = {"X-API-Key": "ak_header-secret", "Authorization": "Bearer header-secret"}
    with capture_logs() as lines:
        await http.get("/api/v1/genres", params=secrets)
        await http.get("/api/v1/users/me", params=secrets, headers=headers)
        await http.get("/no/such/page", params=secrets)
    requests = [line for line in lines if line["event"] == "request"]
    assert [line["path"] for line in requests] == ["/api/v1/genres", "/api/v1/users/me", "/no/such/page"]
    assert "secret" not in str(lines)


async def test_what_is_written_meanwhile_carries_the_name_of_the_request(
    http: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    with logging_as("debug", "json"):
        named = await http.get("/api/v1/genres", headers={"X-Request-Id": "asked-by-a-proxy"})
        unnamed = await http.get("/api/v1/genres", headers={"X-Request-Id": "no\tname"})
        get_logger(__name__).info("afterwards")
    assert named.headers["x-request-id"] == "asked-by-a-proxy"
    made = unnamed.headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", made)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    asked = [line["request_id"] for line in lines if line["event"] == "request"]
    assert asked == ["asked-by-a-proxy", made]
    assert "request_id" not in lines[-1]
