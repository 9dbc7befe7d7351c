"""The collector of rings, for processes that serve for weeks what they loaded at their start."""

from __future__ import annotations

import gc

__all__ = ["spare_the_collector"]


def spare_the_collector() -> None:
    """What was loaded stays, and answers make few rings: looking through all of it would hold everybody up."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
