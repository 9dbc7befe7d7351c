"""Last.fm's API 2.0. People allow it there and come back with a token, which is exchanged for a session key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from antiphon.adapters.scrobbling.asking import FOR_WHAT_IT_IS, ask
from antiphon.domains.integrations.errors import ScrobblerRefused, ScrobblerUnavailable
from antiphon.domains.integrations.ports import ForeignAccount, HeardTrack, NotTaken, PlaysRejected

__all__ = ["LASTFM_URL", "LastFm", "signature"]

LASTFM_URL = "https://ws.audioscrobbler.com/2.0/"
AUTHORIZE_URL = "https://www.last.fm/api/auth/"
# Of its list of errors: failed authentication, bad session, unauthorised or used token, bad API key, suspended.
_REFUSED = frozenset({4, 9, 10, 14, 15, 26})
_WRONG = frozenset({6, 7})  # a parameter, a resource
_TAKEN, _ENOUGH_TODAY = "0", "5"  # of its list of reasons to ignore one


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

    async def submit(self, secret: str, heard: Sequence[HeardTrack]) -> Sequence[NotTaken]:
        if not heard:
            return ()
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
        ignored = _ignored(await self._call("track.scrobble", told))
        if any(code == _ENOUGH_TODAY for code, _ in ignored):
            raise ScrobblerUnavailable  # told again another day, with those that it knows by then
        return [
            NotTaken(one, words or f"ignored ({code})")
            for one, (code, words) in zip(heard, ignored, strict=False)
            if code != _TAKEN
        ]

    async def _call(self, method: str, given: Mapping[str, str]) -> dict[str, Any]:
        asked = {**given, "method": method, "api_key": self._key}
        signed = {**asked, "api_sig": signature(asked, self._secret), "format": "json"}
        status, said = await ask("POST", self._url, data=signed)
        if said.get("error") in _REFUSED:
            raise ScrobblerRefused
        if said.get("error") in _WRONG or (not said and status in FOR_WHAT_IT_IS):
            raise PlaysRejected(str(said.get("message", "")) or f"HTTP {status}")
        if "error" in said:
            raise ScrobblerUnavailable
        return said


def _ignored(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Of each in their order: the code for which it was ignored, and its words."""
    scrobbles = said.get("scrobbles")
    found = scrobbles.get("scrobble", []) if isinstance(scrobbles, dict) else []
    each = [found] if isinstance(found, dict) else found  # one alone comes without a list
    messages = [one.get("ignoredMessage", {}) for one in each]
    return [(str(one.get("code", _TAKEN)), str(one.get("#text", ""))) for one in messages]


def signature(asked: Mapping[str, str], secret: str) -> str:
    """MD5 because Last.fm's protocol says so."""
    text = "".join(f"{name}{asked[name]}" for name in sorted(asked)) + secret
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
