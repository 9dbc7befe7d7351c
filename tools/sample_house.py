"""The whole product wired together, without a database behind it: to be looked at, not to be run."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from antiphon.entry.bootstrap import House, build
from antiphon.kit.settings import Settings

__all__ = ["sample_house"]


@cache
def sample_house() -> House:
    with tempfile.TemporaryDirectory() as home:
        return build(Settings(home=Path(home)), "postgresql://nobody@127.0.0.1/nothing")
