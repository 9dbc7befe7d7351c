"""The list of all artists, which apps ask for whenever they start, made once for as long as it reads the same."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from typing import Any, TypeAlias

__all__ = ["Index", "Indexes"]

ARTISTS_AT_MOST = 40_000  # some 25 MB
Index: TypeAlias = list[dict[str, Any]]
Digest: TypeAlias = tuple[int, int]


class Indexes:
    """Of one process: by letter, without what anybody says of the artists. Each is found by what the database answers
    for it at the moment, so it is never an older one. Who gets one must not change it."""

    def __init__(self, at_most: int = ARTISTS_AT_MOST) -> None:
        self.seed = secrets.randbits(63)
        self._at_most = at_most
        self._kept: OrderedDict[Digest, Index] = OrderedDict()
        self._artists = 0

    def get(self, digest: Digest) -> Index | None:
        found = self._kept.get(digest)
        if found is not None:
            self._kept.move_to_end(digest)
        return found

    def keep(self, digest: Digest, index: Index) -> None:
        """The lists that were asked for least lately make room; one that has no room by itself is not kept."""
        if digest in self._kept or digest[0] > self._at_most:
            return
        self._kept[digest] = index
        self._artists += digest[0]
        while self._artists > self._at_most:
            (gone, _), _ = self._kept.popitem(last=False)
            self._artists -= gone
