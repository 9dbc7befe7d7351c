"""One master secret of an installation; every other key is derived from it by purpose."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets as random
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["Secrets", "token_digest"]


class Secrets:
    """Keys by purpose. The master key stays here; it never reaches a log, a job or the database."""

    def __init__(self, master: bytes) -> None:
        if len(master) < 32:
            raise ValueError("the master secret needs at least 32 bytes")
        self._master = master
        self._keys: dict[tuple[str, int], bytes] = {}

    @classmethod
    def load(cls, home: Path, configured: str | None) -> Secrets:
        """From the setting (base64 text), else from `secrets/master.key` in the data folder, made on first use."""
        if configured is not None:
            return cls(base64.b64decode(configured, validate=True))
        path = home / "secrets" / "master.key"
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary = path.with_name(f"master.{os.getpid()}.new")
            temporary.write_bytes(random.token_bytes(32))
            temporary.chmod(0o600)
            try:
                os.link(temporary, path)  # two processes may start at once: the first one's key wins
            except FileExistsError:
                pass
            finally:
                temporary.unlink()
        return cls(path.read_bytes())

    def key(self, purpose: str, length: int = 32) -> bytes:
        known = self._keys.get((purpose, length))
        if known is None:
            known = HKDF(hashes.SHA256(), length, salt=None, info=purpose.encode()).derive(self._master)
            self._keys[purpose, length] = known
        return known

    def seal(self, purpose: str, plain: bytes) -> bytes:
        """AES-256-GCM; the purpose is authenticated with the text. Twelve random bytes lead."""
        nonce = random.token_bytes(12)
        return nonce + AESGCM(self.key(purpose)).encrypt(nonce, plain, purpose.encode())

    def unseal(self, purpose: str, sealed: bytes) -> bytes:
        return AESGCM(self.key(purpose)).decrypt(sealed[:12], sealed[12:], purpose.encode())

    def signature(self, purpose: str, message: str) -> str:
        """132-bit HMAC-SHA256 in 22 URL-safe letters."""
        digest = hmac.digest(self.key(purpose), message.encode(), "sha256")
        return base64.urlsafe_b64encode(digest)[:22].decode()


def token_digest(token: str) -> bytes:
    """What is stored of a random token; 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).digest()
