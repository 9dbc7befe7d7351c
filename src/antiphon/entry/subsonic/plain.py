"""Answers as they were before OpenSubsonic, for apps that stumble over what came later.

DSub takes every nested `artist` for one of its list, and ends at members that it does not know; SubMusic runs on
watches with little memory. Both name themselves in `c`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

__all__ = ["as_before", "wants_plain"]

_APPS = frozenset({"dsub", "submusic"})
_LATER = frozenset(
    [
        "albumArtists",
        "artists",
        "bitDepth",
        "bpm",
        "channelCount",
        "contributors",
        "disambiguation",
        "discTitles",
        "displayAlbumArtist",
        "displayArtist",
        "displayComposer",
        "explicitStatus",
        "genres",
        "groupings",
        "isCompilation",
        "isrc",
        "mediaType",
        "moods",
        "movements",
        "originalReleaseDate",
        "played",
        "readonly",
        "recordLabels",
        "releaseDate",
        "releaseTypes",
        "replayGain",
        "roles",
        "samplingRate",
        "sortName",
        "validUntil",
        "version",
        "works",
    ]
)


def wants_plain(app: str | None) -> bool:
    return (app or "").strip().lower() in _APPS


def as_before(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer holds, without the members that OpenSubsonic added. The outermost names stay."""
    found: dict[str, Any] = msgspec.to_builtins(payload)
    return {name: _without(value) for name, value in found.items()}


def _without(value: Any) -> Any:
    if isinstance(value, list):
        return [_without(one) for one in value]
    if isinstance(value, dict):
        return {name: _without(inner) for name, inner in value.items() if name not in _LATER}
    return value
