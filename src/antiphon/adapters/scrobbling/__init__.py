"""Services that people tell what they hear."""

from __future__ import annotations

from antiphon.adapters.scrobbling.lastfm import LASTFM_URL, LastFm
from antiphon.adapters.scrobbling.listenbrainz import ListenBrainz
from antiphon.domains.integrations.ports import Scrobbler

__all__ = ["open_scrobblers"]


def open_scrobblers(listenbrainz_url: str | None, lastfm_key: str | None, lastfm_secret: str | None) -> list[Scrobbler]:
    """ListenBrainz unless its address is empty; Last.fm where this installation has a key there."""
    found: list[Scrobbler] = []
    if listenbrainz_url:
        found.append(ListenBrainz(listenbrainz_url))
    if lastfm_key and lastfm_secret:
        found.append(LastFm(LASTFM_URL, lastfm_key, lastfm_secret))
    return found
