"""OpenSubsonic: the face of the same doors that REST opens, for apps that people already have."""

from antiphon.entry.subsonic.app import PATHS, subsonic_app

__all__ = ["PATHS", "subsonic_app"]
