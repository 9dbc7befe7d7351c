"""A software authenticator (WebAuthn Level 3, attestation `none`), written apart from the product's checks.

It does what a good one does; a test that wants a bad one changes one thing by name.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

__all__ = ["ORIGIN", "Authenticator", "SoftKey", "b64", "new_private", "unb64"]

ORIGIN = "http://localhost:8420"
Algorithm = Literal["ES256", "Ed25519", "RS256"]
Private = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
COSE = {"ES256": -7, "Ed25519": -8, "RS256": -257}
NAMELESS = UUID(int=0)  # what most keys that sync say of their maker
UP, UV, BE, BS, AT = 0x01, 0x04, 0x08, 0x10, 0x40


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SoftKey:
    """One passkey. `counter` counts uses; None is an authenticator that never counts."""

    id: bytes
    private: Private
    rp_id: str
    user_handle: bytes
    counter: int | None = 0

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            return self.private.sign(data, ec.ECDSA(hashes.SHA256()))
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.private.sign(data)

    def public(self) -> dict[int, Any]:
        """As a COSE key (RFC 9053)."""
        key = self.private.public_key()
        if isinstance(key, ec.EllipticCurvePublicKey):
            point = key.public_numbers()
            return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        if isinstance(key, rsa.RSAPublicKey):
            numbers = key.public_numbers()
            return {1: 3, 3: -257, -1: numbers.n.to_bytes(key.key_size // 8), -2: numbers.e.to_bytes(3)}
        return {1: 1, 3: -8, -1: 6, -2: key.public_bytes_raw()}


@dataclass
class Authenticator:
    """`verifies`: it looks at its owner. `syncs`: its keys are copied to the owner's other devices."""

    algorithm: Algorithm = "ES256"
    verifies: bool = True
    counts: bool = True
    syncs: bool = False
    discoverable: bool = True
    aaguid: UUID = NAMELESS
    keys: list[SoftKey] = field(default_factory=list)

    def create(self, options: dict[str, Any], *, origin: str = ORIGIN, **changes: Any) -> dict[str, Any]:
        """As `navigator.credentials.create()`, then `toJSON()`. Fails where the options exclude one of its keys."""
        held = {key.id for key in self.keys}
        assert not [key for key in options["excludeCredentials"] if unb64(key["id"]) in held], "InvalidStateError"
        assert COSE[self.algorithm] in [one["alg"] for one in options["pubKeyCredParams"]]
        key = SoftKey(
            changes.get("key_id") or secrets.token_bytes(32),
            changes.get("private") or new_private(self.algorithm),
            changes.get("rp_id", options["rp"]["id"]),
            unb64(options["user"]["id"]),
            0 if self.counts else None,
        )
        self.keys.append(key)
        public = cbor2.dumps(changes.get("public", key.public()))
        credential = self.aaguid.bytes + struct.pack(">H", len(key.id)) + key.id + public
        data = self._data(key, AT, changes) + credential
        attestation = {"fmt": changes.get("fmt", "none"), "attStmt": changes.get("statement", {}), "authData": data}
        response = {
            "clientDataJSON": _client_data("webauthn.create", options, origin, changes),
            "attestationObject": b64(cbor2.dumps(attestation)),
            "transports": ["internal", "hybrid"],
        }
        extensions = {"credProps": {"rk": self.discoverable}}
        return _credential(key, response, extensions)

    def get(
        self, options: dict[str, Any], *, key: SoftKey | None = None, origin: str = ORIGIN, **changes: Any
    ) -> dict[str, Any]:
        """As `navigator.credentials.get()`, then `toJSON()`, with the newest key that the options allow."""
        allowed = {unb64(one["id"]) for one in options["allowCredentials"]}
        key = key or next(key for key in reversed(self.keys) if not allowed or key.id in allowed)
        if key.counter is not None:
            key.counter += 1
        changes.setdefault("rp_id", key.rp_id)
        data = self._data(key, 0, changes)
        client_data = _client_data("webauthn.get", options, origin, changes)
        signature = key.sign(data + hashlib.sha256(unb64(client_data)).digest())
        handle = changes.get("user_handle", key.user_handle if self.discoverable else None)
        response = {
            "clientDataJSON": client_data,
            "authenticatorData": b64(data),
            "signature": b64(changes.get("signature", signature)),
            "userHandle": b64(handle) if handle else None,
        }
        return _credential(key, response, {})

    def _data(self, key: SoftKey, flags: int, changes: dict[str, Any]) -> bytes:
        flags |= UP if changes.get("present", True) else 0
        flags |= UV if changes.get("verified", self.verifies) else 0
        flags |= BE | BS if changes.get("syncs", self.syncs) else 0
        counter = changes.get("counter", key.counter or 0)
        rp_id = changes.get("rp_id", key.rp_id)
        return hashlib.sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, counter)


def new_private(algorithm: Algorithm = "ES256") -> Private:
    if algorithm == "ES256":
        return ec.generate_private_key(ec.SECP256R1())
    if algorithm == "RS256":
        return rsa.generate_private_key(65537, 2048)
    return ed25519.Ed25519PrivateKey.generate()


def _client_data(kind: str, options: dict[str, Any], origin: str, changes: dict[str, Any]) -> str:
    said = {
        "type": changes.get("type", kind),
        "challenge": changes.get("challenge", options["challenge"]),
        "origin": origin,
        "crossOrigin": changes.get("cross_origin", False),
    }
    return b64(json.dumps(said).encode())


def _credential(key: SoftKey, response: dict[str, Any], extensions: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": b64(key.id),
        "rawId": b64(key.id),
        "type": "public-key",
        "response": response,
        "clientExtensionResults": extensions,
        "authenticatorAttachment": "platform",
    }
