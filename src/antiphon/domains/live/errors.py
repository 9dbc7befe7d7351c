"""What live refuses."""

from __future__ import annotations

from antiphon.kit.errors import NotFound

__all__ = ["StationNotFound"]


class StationNotFound(NotFound):
    code = "station_not_found"
    title = "There is no such radio station"
