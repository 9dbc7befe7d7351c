"""All endpoints together: whoever imports this has every one of them in the registry."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from antiphon.entry.subsonic.registry import ENDPOINTS

__all__ = ["ENDPOINTS"]

for _file in sorted(Path(__file__).parent.glob("endpoints_*.py")):
    import_module(f"{__package__}.{_file.stem}")
