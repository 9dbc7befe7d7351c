"""Where the sample collection lies, if it does."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["samples_folder"]


def samples_folder() -> Path | None:
    """`ANTIPHON_SAMPLES`, else `shared/data` beside the repository, else None."""
    named = os.environ.get("ANTIPHON_SAMPLES")
    folder = Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "data"
    return folder if (folder / "MANIFEST.tsv").is_file() else None
