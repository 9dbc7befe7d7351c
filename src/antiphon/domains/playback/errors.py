"""What playback refuses."""

from __future__ import annotations

from antiphon.kit.errors import Conflict, NotFound, Unauthenticated

__all__ = [
    "DeviceAway",
    "DeviceNotFound",
    "EventIdReused",
    "GuestListeningOff",
    "NotPlayable",
    "PlaySessionNotFound",
    "QueueFull",
]


class NotPlayable(Conflict):
    code = "not_playable"
    title = "This cannot be played yet"


class EventIdReused(Conflict):
    code = "event_id_reused"
    title = "This event id began another play"


class GuestListeningOff(Unauthenticated):
    code = "guest_listening_off"
    title = "Sign in to listen here"


class PlaySessionNotFound(NotFound):
    code = "play_session_not_found"
    title = "There is no such play session"


class QueueFull(Conflict):
    code = "queue_full"
    title = "The queue holds no more"


class DeviceNotFound(NotFound):
    code = "device_not_found"
    title = "There is no such device"


class DeviceAway(Conflict):
    code = "device_away"
    title = "This device is not here at the moment"
