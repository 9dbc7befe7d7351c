"""All faces of the product behind one door: the API with its pages and files, OpenSubsonic, ListenBrainz."""

from __future__ import annotations

from pathlib import Path

from antiphon.entry import listenbrainz, subsonic
from antiphon.entry.bootstrap import House
from antiphon.entry.http import app as http
from antiphon.entry.http.asgi_types import ASGIApp
from antiphon.entry.http.client import CLIENT_FOLDER

__all__ = ["create_app"]


def create_app(house: House, *, client: Path = CLIENT_FOLDER, early: bool = False) -> ASGIApp:
    """The house is started and closed with the application's lifespan. `early`: its codecs with it, before anybody
    wants them."""
    others = {subsonic.PATHS: subsonic.subsonic_app(house), listenbrainz.PATHS: listenbrainz.listenbrainz_app(house)}
    return http.create_app(house, client=client, others=others, early=early)
