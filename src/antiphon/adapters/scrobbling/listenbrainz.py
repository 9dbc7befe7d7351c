"""ListenBrainz, and whatever speaks its API (version 1). People bring the token of their account there."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from antiphon.adapters.scrobbling.asking import FOR_WHAT_IT_IS, ask
from antiphon.domains.integrations.errors import ScrobblerRefused, ScrobblerUnavailable
from antiphon.domains.integrations.ports import ForeignAccount, HeardTrack, NotTaken, PlaysRejected

__all__ = ["ListenBrainz"]


class ListenBrainz:
    id, name = "listenbrainz", "ListenBrainz"

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def authorize_url(self, back: str) -> None:
        return None

    async def connect(self, token: str) -> ForeignAccount:
        status, said = await ask("GET", f"{self._url}/1/validate-token", headers=_as(token))
        if status != HTTPStatus.OK or said.get("valid") is not True:
            raise ScrobblerRefused
        return ForeignAccount(str(said.get("user_name", "")), token)

    async def submit(self, secret: str, heard: Sequence[HeardTrack]) -> Sequence[NotTaken]:
        if not heard:
            return ()
        told = {"listen_type": "import", "payload": [_listen(one) for one in heard]}
        status, said = await ask("POST", f"{self._url}/1/submit-listens", headers=_as(secret), json=told)
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise ScrobblerRefused
        if status in FOR_WHAT_IT_IS:
            raise PlaysRejected(str(said.get("error", "")) or f"HTTP {status}")
        if status != HTTPStatus.OK:
            raise ScrobblerUnavailable
        return ()


def _as(token: str) -> dict[str, str]:
    return {"Authorization": f"Token {token}"}


def _listen(heard: HeardTrack) -> dict[str, Any]:
    track: dict[str, Any] = {
        "artist_name": heard.artist,
        "track_name": heard.title,
        "additional_info": {"media_player": "Antiphon", "submission_client": "Antiphon"},
    }
    if heard.album:
        track["release_name"] = heard.album
    if heard.duration_ms:
        track["additional_info"]["duration_ms"] = heard.duration_ms
    return {"listened_at": int(heard.started_at.timestamp()), "track_metadata": track}
