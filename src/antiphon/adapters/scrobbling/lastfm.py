"""Last.fm's API 2.0. People allow it there and come back with a token, which is exchanged for a session key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from antiphon.adapters.scrobbling.asking import ask
from antiphon.domains.integrations.errors import ScrobblerRefused, ScrobblerUnavailable
from antiphon.domains.integrations.ports import ForeignAccount, HeardTrack

__all__ = ["LASTFM_URL", "LastFm", "signature"]

LASTFM_URL = "https://ws.audioscrobbler.com/2.0/"
AUTHORIZE_URL = "https://www.last.fm/api/auth/"
# Of its list of errors: failed authentication, bad session, unauthorised or used token, bad API key, suspended.
_REFUSED = frozenset({4, 9, 10, 14, 15, 26})
_ENOUGH_TODAY = "5"  # of its list of reasons to ignore one


class LastFm:
    id, name = "lastfm", "Last.fm"

    def __init__(self, url: str, key: str, secret: str) -> None:
        self._url, self._key, self._secret = url, key, secret

    def authorize_url(self, back: str) -> str:
        return f"{AUTHORIZE_URL}?{urlencode({'api_key': self._key, 'cb': back})}"

    async def connect(self, token: str) -> ForeignAccount:
        said = await self._call("auth.getSession", {"token": token})
        session = said.get("session")
        if not isinstance(session, dict) or not session.get("key"):
            raise ScrobblerUnavailable
        return ForeignAccount(str(session.get("name", "")), str(session["key"]))

    async def submit(self, secret: str, heard: Sequence[HeardTrack]) -> None:
        if not heard:
            return
        told = {"sk": secret}
        for number, one in enumerate(heard):
            told |= {
                f"artist[{number}]": one.artist,
                f"track[{number}]": one.title,
                f"timestamp[{number}]": str(int(one.started_at.timestamp())),
            }
            if one.album:
                told[f"album[{number}]"] = one.album
            if one.duration_ms:
                told[f"duration[{number}]"] = str(one.duration_ms // 1000)
        if _over_the_limit(await self._call("track.scrobble", told)):
            raise ScrobblerUnavailable

    async def _call(self, method: str, given: Mapping[str, str]) -> dict[str, Any]:
        asked = {**given, "method": method, "api_key": self._key}
        signed = {**asked, "api_sig": signature(asked, self._secret), "format": "json"}
        _, said = await ask("POST", self._url, data=signed)
        if "error" in said:
            raise ScrobblerRefused if said["error"] in _REFUSED else ScrobblerUnavailable
        return said


def _over_the_limit(said: Mapping[str, Any]) -> bool:
    """Whether it put some aside because it heard enough for today: those are told again, and known ones once more."""
    scrobbles = said.get("scrobbles")
    found = scrobbles.get("scrobble", []) if isinstance(scrobbles, dict) else []
    each = [found] if isinstance(found, dict) else found  # one alone comes without a list
    return any(one.get("ignoredMessage", {}).get("code") == _ENOUGH_TODAY for one in each)


def signature(asked: Mapping[str, str], secret: str) -> str:
    """MD5 because Last.fm's protocol says so."""
    text = "".join(f"{name}{asked[name]}" for name in sorted(asked)) + secret
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
