"""The collector of rings, for processes that serve for weeks what they loaded at their start."""

from __future__ import annotations

import gc

__all__ = ["load_undisturbed", "spare_the_collector"]

_THRESHOLDS = (50_000, 50, 100)


def load_undisturbed() -> None:
    """Before thousands of modules are loaded: all that they make stays, looking through it is a tenth of a start."""
    gc.set_threshold(*_THRESHOLDS)


def spare_the_collector() -> None:
    """What was loaded stays, and answers make few rings: looking through all of it would hold everybody up.

    Garbage that a start left stays with it: some dozen objects, and to find them is a tenth of a second of work.
    """
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
