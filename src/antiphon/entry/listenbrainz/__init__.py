"""What players that submit to ListenBrainz ask for, answered by this server (their API, version 1)."""

from antiphon.entry.listenbrainz.app import PATHS, listenbrainz_app

__all__ = ["PATHS", "listenbrainz_app"]
