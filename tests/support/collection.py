"""Small collections of real files, for libraries: short tones with tags as people's programs write them."""

from __future__ import annotations

import atexit
import shutil
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import mutagen

from tests.support.audio import tone, transcode, write_wav

__all__ = ["sound_file"]


@lru_cache
def _bodies() -> Path:
    folder = Path(mkdtemp(prefix="antiphon-bodies-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _body(suffix: str, seconds: float) -> Path:
    path = _bodies() / f"{seconds}.{suffix}"
    if not path.exists():
        wav = write_wav(_bodies() / f"{seconds}.source.wav", tone(seconds))
        if suffix == "wav":
            wav.rename(path)
        else:
            transcode(wav, path, suffix)
    return path


def sound_file(path: Path, *, seconds: float = 0.25, **tags: str | list[str]) -> Path:
    """A file of the format that its ending names, with these tags in the words of its family's simple names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_body(path.suffix.removeprefix("."), seconds), path)
    if tags:
        file: Any = mutagen.File(path, easy=True)
        if file.tags is None:
            file.add_tags()
        for name, value in tags.items():
            file[name] = value
        file.save()
    return path
