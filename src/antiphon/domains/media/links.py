"""Signed, expiring links that are the same for everybody, so that a CDN can keep what they point at.

Links to what is yet to be made name a listener by a digest, so that encoders can be shared out fairly.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from antiphon.domains.media.errors import LinkRefused
from antiphon.kit.clock import Clock
from antiphon.kit.secrets import Secrets

__all__ = ["LinkSigner"]

BUCKET = timedelta(hours=6)
_BUCKET_S: Final = int(BUCKET.total_seconds())
_PURPOSE, _OF_LISTENER, _LISTENER = "links", "links of listeners", "listeners"
_DIGEST: Final = re.compile(r"[A-Za-z0-9_-]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class LinkSigner:
    """A link holds at least six hours, at most twelve: it ends at the second bucket boundary from now.

    `listener` is what its links carry, and nothing of whom it stands for: another for every bucket.
    """

    secrets: Secrets
    clock: Clock
    listener: str = ""

    def expiry(self) -> datetime:
        return datetime.fromtimestamp(self._until(), UTC)

    def _until(self) -> int:
        return (int(self.clock.now().timestamp()) // _BUCKET_S + 2) * _BUCKET_S

    def of(self, user_id: UUID | None) -> LinkSigner:
        """For the links of one person; guests have no digest."""
        return self if user_id is None else replace(self, listener=self.listener_of(user_id))

    def listener_of(self, user_id: UUID) -> str:
        """What the links of this person carry now."""
        return _listener(self.secrets, user_id, self._until())

    def sign(self, path: str, version: str = "") -> str:
        """`path` with its query. `version` names the bytes (a blob's hash), so that new bytes have a new link."""
        until = self._until()
        signature = self._signature(path, version, until, self.listener)
        listener = f"&l={self.listener}" if self.listener else ""
        return f"{path}?{f'v={version}&' if version else ''}e={until}{listener}&s={signature}"

    def check(self, path: str, version: str, expires: str, signature: str, listener: str = "") -> None:
        """Raises LinkRefused for a changed or expired link."""
        self.hold(self.end_of(path, version, expires, signature, listener))

    def end_of(self, path: str, version: str, expires: str, signature: str, listener: str = "") -> int:
        """In seconds since 1970. Raises LinkRefused for a changed link, not for one that has ended."""
        if not expires.isascii() or not expires.isdigit() or len(expires) > 12:
            raise LinkRefused()
        if listener and _DIGEST.fullmatch(listener) is None:
            raise LinkRefused()
        if not hmac.compare_digest(self._signature(path, version, int(expires), listener).encode(), signature.encode()):
            raise LinkRefused()
        return int(expires)

    def hold(self, end: int) -> None:
        """Raises LinkRefused where that is over."""
        if end < self.clock.now().timestamp():
            raise LinkRefused("This link has expired; ask for the stream again.")

    def _signature(self, path: str, version: str, until: int, listener: str) -> str:
        return _signature(self.secrets, path, version, until, listener)


@lru_cache(4096)
def _signature(secrets: Secrets, path: str, version: str, until: int, listener: str) -> str:
    """Players ask for one file piece by piece, all under one link."""
    if listener:
        return secrets.signature(_OF_LISTENER, f"{path}\n{version}\n{until}\n{listener}")
    return secrets.signature(_PURPOSE, f"{path}\n{version}\n{until}")


@lru_cache(4096)
def _listener(secrets: Secrets, user_id: UUID, until: int) -> str:
    return secrets.signature(_LISTENER, f"{user_id}\n{until}")[:12]
