"""What is written of a request."""

from __future__ import annotations

import httpx
from structlog.testing import capture_logs


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
