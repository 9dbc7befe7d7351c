"""What media works with in this process: bytes, codecs, links, limits. Built at the composition root."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from antiphon.domains.media.covers.coverer import Coverer
from antiphon.domains.media.links import LinkSigner
from antiphon.domains.media.ports import Codecs, ObjectStore, TagReaders
from antiphon.domains.media.segments.segmenter import Segmenter
from antiphon.domains.media.transcodes.transcoder import Transcoder

__all__ = ["MediaTools"]


@dataclass(frozen=True, slots=True)
class MediaTools:
    """`staging` holds received files until they are stored; it is on disk that survives a restart."""

    objects: ObjectStore
    codecs: Codecs
    readers: TagReaders
    links: LinkSigner
    staging: Path
    upload_max_bytes: int
    quota_bytes: int
    transcoder: Transcoder
    segmenter: Segmenter
    coverer: Coverer
    link_targets: tuple[Path, ...] = ()
    """Folders outside of libraries that links within them may lead to."""

    def heard_by(self, user_id: UUID | None) -> MediaTools:
        """With links that let encoders tell listeners apart."""
        return replace(self, links=self.links.of(user_id))

    def heard_as(self, listener: str) -> MediaTools:
        """As a link said that holds."""
        return replace(self, links=replace(self.links, listener=listener))
