"""Which services there are, and when one that failed is tried again. No I/O."""

from __future__ import annotations

from datetime import timedelta

__all__ = ["KNOWN", "MOST_ASIDE", "wait"]

KNOWN = {"listenbrainz": "ListenBrainz", "lastfm": "Last.fm"}  # also where an installation offers only one, or none

FIRST, LONGEST = timedelta(seconds=30), timedelta(hours=6)


MOST_ASIDE = 3
"""So many plays are put aside one after the other; if no other is taken then, it is rather the service."""


def wait(failures: int) -> timedelta:
    """After so many in a row, at least one."""
    return min(LONGEST, FIRST * (1 << min(failures - 1, 20)))
