"""Questions to a provider: bounded in time and size, never followed elsewhere, answered with one JSON object."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
import msgspec

from antiphon.domains.identity.errors import ProviderUnavailable
from antiphon.kit.logs import get_logger

__all__ = ["Answer", "Wire", "is_loopback"]

log = get_logger(__name__)
PATIENCE_S = 8.0
LARGEST = 512 * 1024
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(url: str) -> bool:
    return httpx.URL(url).host in _LOOPBACK


@cache
def _tls() -> ssl.SSLContext:
    """One for all: reading the authorities takes a tenth of a second."""
    return httpx.create_ssl_context()


class Answer(msgspec.Struct, frozen=True):
    status: int
    body: dict[str, Any]


class Wire:
    """The connections to one provider. `patience_s` bounds one question from its first byte to its last."""

    def __init__(self, provider: str, *, patience_s: float = PATIENCE_S, local: bool = False) -> None:
        self._provider = provider
        self._patience_s = patience_s
        self._http = httpx.AsyncClient(
            follow_redirects=False,
            timeout=patience_s,
            verify=_tls(),
            trust_env=not local,  # what runs on this machine is not reached through a proxy
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Antiphon"},
            limits=httpx.Limits(max_connections=20, max_keepalive_connections=2),
        )

    async def get(self, url: str, *, bearer: str | None = None) -> dict[str, Any]:
        """The JSON object of a 200. Raises ProviderUnavailable for everything else."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        answer = await self._ask("GET", url, headers=headers)
        if answer.status != 200:
            raise self._unavailable(url, f"status {answer.status}")
        return answer.body

    async def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """The JSON object of a 200 or a 4xx. Raises ProviderUnavailable for everything else."""
        answer = await self._ask("POST", url, data=dict(form), headers=dict(headers))
        if answer.status != 200 and not 400 <= answer.status < 429:
            raise self._unavailable(url, f"status {answer.status}")
        return answer

    async def tell(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> None:
        """A POST whose answer does not matter if it is a good one. Raises ProviderUnavailable."""
        try:
            async with self._http.stream("POST", url, data=dict(form), headers=dict(headers)) as response:
                status = response.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._unavailable(url, type(error).__name__) from None
        if status != 200:
            raise self._unavailable(url, f"status {status}")

    async def close(self) -> None:
        await self._http.aclose()

    async def _ask(self, method: str, url: str, **more: Any) -> Answer:
        try:
            async with asyncio.timeout(self._patience_s), self._http.stream(method, url, **more) as response:
                body = await self._body(url, response)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise self._unavailable(url, type(error).__name__) from None  # its text may hold what was sent
        return Answer(response.status_code, body)

    async def _body(self, url: str, response: httpx.Response) -> dict[str, Any]:
        received = bytearray()
        async for piece in response.aiter_raw():  # not unpacked: a small answer may hide a large one
            received += piece
            if len(received) > LARGEST:
                raise self._unavailable(url, "answer too large")
        if not received and response.status_code != 200:
            return {}
        try:
            return msgspec.json.decode(received, type=dict[str, Any])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            if response.status_code != 200:
                return {}
            raise self._unavailable(url, "answer is no JSON object") from None

    def _unavailable(self, url: str, reason: str) -> ProviderUnavailable:
        log.warning("provider does not answer", provider=self._provider, path=httpx.URL(url).path, reason=reason)
        return ProviderUnavailable(reason=f"{httpx.URL(url).path}: {reason}", provider=self._provider)
