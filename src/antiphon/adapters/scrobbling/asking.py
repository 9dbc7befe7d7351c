"""What both services have in common: they speak JSON over HTTP, and now and then they are away."""

from __future__ import annotations

from typing import Any

import httpx

from antiphon.domains.integrations.errors import ScrobblerUnavailable

__all__ = ["ask"]

TIMEOUT_S = 15.0


async def ask(method: str, url: str, **request: Any) -> tuple[int, dict[str, Any]]:
    """Status and JSON object. Nobody asks often, so no connection is kept. Raises ScrobblerUnavailable."""
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
            answer = await client.request(method, url, **request)
            said = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise ScrobblerUnavailable from error
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error or not isinstance(said, dict):
        raise ScrobblerUnavailable
    return answer.status_code, said
