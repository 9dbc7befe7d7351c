"""The picture within a sound file."""

from __future__ import annotations

import base64
from typing import Any

import mutagen
from mutagen.apev2 import APEv2
from mutagen.asf import ASFTags
from mutagen.flac import Picture
from mutagen.id3 import ID3
from mutagen.mp4 import MP4Tags

__all__ = ["front_cover"]

_FRONT = 3
MOST_BYTES = 32 * 1024 * 1024


def front_cover(path: str) -> bytes | None:
    """The front cover, else the first picture; None where there is none or the file cannot be read."""
    try:
        file = mutagen.File(path)
        found = _pictures(file) if file is not None else []
    except Exception:  # mutagen raises whatever its parser stumbles over
        return None
    found = [(kind, data) for kind, data in found if 0 < len(data) <= MOST_BYTES]
    return min(found, key=lambda one: one[0] != _FRONT)[1] if found else None


def _is(tags: Any, family: type) -> bool:  # so that the type stays unknown: mutagen says nothing of its own
    return isinstance(tags, family)


def _pictures(file: Any) -> list[tuple[int, bytes]]:
    tags: Any = file.tags
    found = [(picture.type, picture.data) for picture in getattr(file, "pictures", ())]
    if _is(tags, ID3):
        found += [(frame.type, frame.data) for frame in tags.getall("APIC")]
    elif _is(tags, MP4Tags):
        found += [(_FRONT, bytes(cover)) for cover in tags.get("covr", ())]
    elif _is(tags, APEv2):
        for key, value in tags.items():
            if key.lower().startswith("cover art") and value.kind == 1:
                found.append((_FRONT if "front" in key.lower() else 0, value.value.partition(b"\0")[2]))
    elif _is(tags, ASFTags):
        found += [_of_asf(value.value) for value in tags.get("WM/Picture", ())]
    elif tags is not None and not found:
        for block in tags.get("metadata_block_picture", ()):
            picture: Any = Picture(base64.b64decode(block))  # type: ignore[no-untyped-call]
            found.append((picture.type, picture.data))
    return found


def _of_asf(data: bytes) -> tuple[int, bytes]:
    """Kind, length of the picture, two texts in UTF-16 that end with a zero, and the picture."""
    size = int.from_bytes(data[1:5], "little")
    return data[0], data[-size:] if 0 < size < len(data) else b""
