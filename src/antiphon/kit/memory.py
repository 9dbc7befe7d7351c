"""What the C library does with memory that was given back, for processes that soon want as much again."""

from __future__ import annotations

import ctypes

__all__ = ["keep_what_was_freed"]

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of mallopt(3)
_OWN_PAGES_FROM = 4 << 20  # bytes; larger pieces come from the system and go back to it
_KEPT = 16 << 20


def keep_what_was_freed() -> None:
    """Pieces of songs and long answers are a few hundred kB each. glibc gives those back to the system and gets them
    anew, which is a page fault for every 4 kB. Other C libraries do as they do."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):  # no such function, or no way to ask
        return
    mallopt(_MMAP_THRESHOLD, _OWN_PAGES_FROM)
    mallopt(_TRIM_THRESHOLD, _KEPT)
