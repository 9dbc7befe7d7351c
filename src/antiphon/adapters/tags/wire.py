"""What goes between a process of ours and a reader of tags: who asks need not load what reads."""

from __future__ import annotations

import struct

import msgspec

__all__ = ["LENGTH", "Wanted"]

LENGTH = struct.Struct("!I")


class Wanted(msgspec.Struct, frozen=True, omit_defaults=True):
    """The headers of many files, the picture within one, or other tags in one."""

    paths: list[bytes] = []
    picture: bytes | None = None
    write: bytes | None = None
    tags: dict[str, list[str]] = {}
