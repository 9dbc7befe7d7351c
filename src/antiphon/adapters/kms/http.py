"""An outside key service by a plain contract, which a few lines put in front of any cloud's KMS or an HSM.

`POST {url}/wrap {"plain": b64}` answers `{"wrapped": b64}`; `POST {url}/unwrap {"wrapped": b64}` answers
`{"plain": b64}`, or 422 for what it did not wrap. The token, if there is one, goes as `Authorization: Bearer`.
"""

from __future__ import annotations

import httpx
import msgspec

from antiphon.kit.vault import KmsUnavailable, VaultUnreadable

__all__ = ["HttpKms"]

TIMEOUT_S = 5.0
REFUSED = 422


class _Plain(msgspec.Struct):
    plain: bytes


class _Wrapped(msgspec.Struct):
    wrapped: bytes


class HttpKms:
    name = "http"

    def __init__(self, url: str, token: str | None) -> None:
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._url = url
        self._headers = headers

    def wrap(self, plain: bytes) -> bytes:
        try:
            return msgspec.json.decode(self._ask("wrap", _Plain(plain)), type=_Wrapped).wrapped
        except msgspec.MsgspecError as error:
            raise KmsUnavailable("The key service answered something else than a wrapped key.") from error

    def unwrap(self, wrapped: bytes) -> bytes:
        try:
            return msgspec.json.decode(self._ask("unwrap", _Wrapped(wrapped)), type=_Plain).plain
        except msgspec.MsgspecError as error:
            raise KmsUnavailable("The key service answered something else than a key.") from error

    def _ask(self, what: str, body: msgspec.Struct) -> bytes:
        """A key is asked for at a start and at a rotation only, so no connection is kept."""
        content = msgspec.json.encode(body)
        try:
            answer = httpx.post(f"{self._url}/{what}", content=content, headers=self._headers, timeout=TIMEOUT_S)
        except httpx.HTTPError as error:
            raise KmsUnavailable(f"The key service does not answer: {type(error).__name__}.") from error
        if answer.status_code == REFUSED:
            raise VaultUnreadable("The key service refuses to unwrap a data key: it did not wrap it.")
        if answer.status_code != httpx.codes.OK:
            raise KmsUnavailable(f"The key service answered {answer.status_code}.")
        return answer.content
