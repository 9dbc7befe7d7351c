"""What playback refuses."""

from __future__ import annotations

from antiphon.kit.errors import Conflict, NotFound, Unauthenticated

__all__ = ["GuestListeningOff", "NotPlayable", "PlaySessionNotFound"]


class NotPlayable(Conflict):
    code = "not_playable"
    title = "This cannot be played yet"


class GuestListeningOff(Unauthenticated):
    code = "guest_listening_off"
    title = "Sign in to listen here"


class PlaySessionNotFound(NotFound):
    code = "play_session_not_found"
    title = "There is no such play session"
