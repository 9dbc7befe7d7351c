"""Playback domain; other domains enter by `api` only."""
