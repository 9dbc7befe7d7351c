"""What integrations refuses."""

from __future__ import annotations

from antiphon.kit.errors import AppError, Conflict, NotFound

__all__ = ["ScrobblerNotConnected", "ScrobblerRefused", "ScrobblerUnavailable", "ScrobblerUnknown"]


class ScrobblerUnknown(NotFound):
    code = "scrobbler_unknown"
    title = "This service cannot be connected here"


class ScrobblerNotConnected(NotFound):
    code = "scrobbler_not_connected"
    title = "This service is not connected"


class ScrobblerRefused(Conflict):
    """The service does not take the token, or not any more."""

    code = "scrobbler_refused"
    title = "The service does not accept this"


class ScrobblerUnavailable(AppError):
    """The service does not answer, or not as it should."""

    code = "scrobbler_unavailable"
    status = 503
    title = "The service does not answer at the moment"
