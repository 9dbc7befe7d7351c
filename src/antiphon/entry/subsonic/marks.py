"""What a person says of music: stars and ratings, and when they heard it last. Looked up with the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from antiphon.domains.playback import api as playback
from antiphon.domains.social import api as social
from antiphon.entry.subsonic.call import Call
from antiphon.kit.beside import Look

__all__ = ["NO_MARK", "Mark", "mark_of", "of_albums", "of_artists", "of_songs"]

_SONGS = social.OPINION + playback.TRACK_HEARD
_ALBUMS = social.OPINION + playback.ALBUM_HEARD


class Mark(msgspec.Struct, frozen=True, gc=False):
    """`rating` is the person's own, 1 to 5; `average` everybody's. In the order of the columns that say so."""

    starred: datetime | None = None
    rating: int | None = None
    average: float | None = None
    plays: int = 0
    played: datetime | None = None
    bookmark_ms: int | None = None


NO_MARK = Mark()


def of_songs(call: Call) -> Look:
    return Look(call.user_id, _SONGS)


def of_albums(call: Call) -> Look:
    return Look(call.user_id, _ALBUMS)


def of_artists(call: Call) -> Look:
    return Look(call.user_id, social.OPINION)


def mark_of(beside: Sequence[Any]) -> Mark:
    return Mark(*beside) if beside else NO_MARK
