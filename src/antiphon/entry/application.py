"""All faces of the product behind one door: the API with its pages and files, and OpenSubsonic beside it."""

from __future__ import annotations

from pathlib import Path

from antiphon.entry.bootstrap import House
from antiphon.entry.http import app as http
from antiphon.entry.http.asgi_types import ASGIApp
from antiphon.entry.http.client import CLIENT_FOLDER
from antiphon.entry.subsonic import PATHS, subsonic_app

__all__ = ["create_app"]


def create_app(house: House, *, client: Path = CLIENT_FOLDER, early: bool = False) -> ASGIApp:
    """The house is started and closed with the application's lifespan. `early`: its codecs with it, before anybody
    wants them."""
    return http.create_app(house, client=client, others={PATHS: subsonic_app(house)}, early=early)
