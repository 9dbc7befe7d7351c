"""What both services have in common: they speak JSON over HTTP, and now and then they are away."""

from __future__ import annotations

from typing import Any

from antiphon.domains.integrations.errors import ScrobblerUnavailable

__all__ = ["FOR_WHAT_IT_IS", "ask"]

TIMEOUT_S = 15.0
FOR_WHAT_IT_IS = frozenset({400, 409, 413, 422})
"""Statuses by which the request itself is refused; others speak of the account, the address or the moment."""


async def ask(method: str, url: str, **request: Any) -> tuple[int, dict[str, Any]]:
    """Status and JSON object. Nobody asks often, so no connection is kept. Raises ScrobblerUnavailable."""
    import httpx  # most installations never ask, and loading it is part of every start

    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
            answer = await client.request(method, url, **request)
    except httpx.HTTPError as error:
        raise ScrobblerUnavailable from error
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
        raise ScrobblerUnavailable
    try:
        said = answer.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        if answer.status_code not in FOR_WHAT_IT_IS:
            raise ScrobblerUnavailable
        said = {}  # what stands before a service refuses in HTML
    return answer.status_code, said
