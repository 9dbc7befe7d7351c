"""Any gateway that takes a POST, as JSON or as a form; what it wants to read is a setting.

The body is a JSON object or a form (`To={number}&From=%2B4930&Body={text}`) in which `{number}` and `{text}` stand for
the message. User and password of the address go as HTTP Basic, the token as `Authorization: Bearer`. Any 2xx means
that the gateway took the message over.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import msgspec

from antiphon.domains.identity.errors import TextMessageFailed
from antiphon.kit.logs import get_logger
from antiphon.kit.settings import SettingsError

__all__ = ["HttpTextMessages"]

log = get_logger(__name__)
TIMEOUT_S = 10.0


class HttpTextMessages:
    configured = True

    def __init__(self, url: str, token: str | None, body: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise SettingsError("ANTIPHON_SMS_URL is an http(s) address")
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._json = body.lstrip().startswith("{")
        try:
            self._template: Any = (
                msgspec.json.decode(body) if self._json else dict(parse_qsl(body, strict_parsing=True))
            )
        except (msgspec.DecodeError, ValueError) as error:
            raise SettingsError(f"ANTIPHON_SMS_BODY is neither a JSON object nor a form: {error}") from error
        if not {"{number}", "{text}"} <= set(_placeholders(self._template)):
            raise SettingsError("ANTIPHON_SMS_BODY names {number} and {text} once each")

    async def send(self, number: str, text: str) -> None:
        """A text is rare, so no connection is kept."""
        filled = _filled(self._template, {"{number}": number, "{text}": text})
        body = {"json": filled} if self._json else {"data": filled}
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
                answer = await client.post(self._url, headers=self._headers, **body)
        except httpx.HTTPError as error:
            log.warning("text gateway does not answer", error=type(error).__name__)
            raise TextMessageFailed from error
        if not answer.is_success:
            log.warning("text gateway refused", status=answer.status_code)
            raise TextMessageFailed


def _placeholders(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [found for one in value.values() for found in _placeholders(one)]
    if isinstance(value, list):
        return [found for one in value for found in _placeholders(one)]
    return [mark for mark in ("{number}", "{text}") if isinstance(value, str) and mark in value]


def _filled(value: Any, given: dict[str, str]) -> Any:
    """Each text once through, so that a message which holds `{number}` stays as it is."""
    if isinstance(value, dict):
        return {name: _filled(one, given) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, given) for one in value]
    if not isinstance(value, str):
        return value
    before, mark, after = value.partition("{text}")
    return before.replace("{number}", given["{number}"]) + (
        given["{text}"] + after.replace("{number}", given["{number}"]) if mark else ""
    )
