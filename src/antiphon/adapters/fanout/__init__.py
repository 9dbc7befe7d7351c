"""What carries that something was said, chosen by one URL."""

from __future__ import annotations

from antiphon.adapters.fanout.local import LocalFanout
from antiphon.kit.fanout import Fanout
from antiphon.kit.live import LiveHub

__all__ = ["open_fanout"]


def open_fanout(hub: LiveHub) -> Fanout:
    return LocalFanout(hub)
