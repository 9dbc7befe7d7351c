"""Signed, expiring links that are the same for everybody, so that a CDN can keep what they point at."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from antiphon.domains.media.errors import LinkRefused
from antiphon.kit.clock import Clock
from antiphon.kit.secrets import Secrets

__all__ = ["LinkSigner"]

BUCKET = timedelta(hours=6)
_PURPOSE = "links"


@dataclass(frozen=True, slots=True)
class LinkSigner:
    """A link holds at least six hours, at most twelve: it ends at the second bucket boundary from now."""

    secrets: Secrets
    clock: Clock

    def expiry(self) -> datetime:
        bucket = int(BUCKET.total_seconds())
        return datetime.fromtimestamp((int(self.clock.now().timestamp()) // bucket + 2) * bucket, UTC)

    def sign(self, path: str, version: str = "") -> str:
        """`path` with its query. `version` names the bytes (a blob's hash), so that new bytes have a new link."""
        until = int(self.expiry().timestamp())
        signature = self._signature(path, version, until)
        return f"{path}?{f'v={version}&' if version else ''}e={until}&s={signature}"

    def check(self, path: str, version: str, expires: str, signature: str) -> None:
        """Raises LinkRefused for a changed or expired link."""
        if not expires.isascii() or not expires.isdigit() or len(expires) > 12:
            raise LinkRefused()
        if not hmac.compare_digest(self._signature(path, version, int(expires)).encode(), signature.encode()):
            raise LinkRefused()
        if int(expires) < self.clock.now().timestamp():
            raise LinkRefused("This link has expired; ask for the stream again.")

    def _signature(self, path: str, version: str, until: int) -> str:
        return _signature(self.secrets, path, version, until)


@lru_cache(4096)
def _signature(secrets: Secrets, path: str, version: str, until: int) -> str:
    """Players ask for one file piece by piece, all under one link."""
    return secrets.signature(_PURPOSE, f"{path}\n{version}\n{until}")
