"""What playback refuses."""

from __future__ import annotations

from antiphon.kit.errors import Conflict, Forbidden, NotFound, Unauthenticated

__all__ = [
    "DeviceAway",
    "DeviceNotFound",
    "EventIdReused",
    "ExplicitLeftOut",
    "GuestListeningOff",
    "JamFull",
    "JamLocked",
    "JamNotAllowed",
    "JamNotFound",
    "JamsMany",
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


class ExplicitLeftOut(Forbidden):
    code = "explicit_left_out"
    title = "You chose to leave out what is marked explicit"


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


class JamNotFound(NotFound):
    """Also for who is not in it, and by links that were taken back or ran out."""

    code = "jam_not_found"
    title = "There is no such room, or its link does not hold any more"


class JamLocked(Forbidden):
    code = "jam_locked"
    title = "Nobody else is let into this room"


class JamNotAllowed(Forbidden):
    code = "jam_not_allowed"
    title = "In this room that is for its hosts to do"


class JamFull(Conflict):
    code = "jam_full"
    title = "The room holds no more"


class JamsMany(Conflict):
    code = "jams_many"
    title = "You are host of as many rooms as there may be"
