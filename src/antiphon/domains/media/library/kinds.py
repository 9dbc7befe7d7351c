"""What a file is, by its name."""

from __future__ import annotations

from antiphon.domains.media.ports import SOUND_MIMES

__all__ = ["COVERS", "PICTURES", "PLAYLISTS", "SHEETS", "cover_rank", "mime_of", "suffix_of"]

PLAYLISTS = frozenset({"m3u", "m3u8", "pls", "xspf", "jspf"})
SHEETS = frozenset({"cue", "lrc"})  # they say something about the sound beside them
PICTURES = frozenset({"jpg", "jpeg", "png", "webp", "gif", "avif"})
COVERS = ("cover", "folder", "front", "album", "albumart", "albumartsmall", "artwork", "thumb")
_BY_NAME = {name: rank for rank, name in enumerate(COVERS)}


def suffix_of(name: str) -> str:
    """`flac` of `a.FLAC`; empty for names without and for hidden files."""
    stem, dot, suffix = name.rpartition(".")
    return suffix.lower() if dot and stem else ""


def mime_of(suffix: str) -> str:
    return SOUND_MIMES.get(suffix, "application/octet-stream")


def cover_rank(name: str) -> int | None:
    """How well a picture's name says that it shows its folder, 0 best; None where it does not say so."""
    stem = name.rpartition(".")[0].lower().strip()
    if stem in _BY_NAME:
        return _BY_NAME[stem]
    if "front" in stem or "cover" in stem:
        return len(COVERS) + ("back" in stem)
    return None
