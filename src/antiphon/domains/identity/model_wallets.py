"""Rules of wallets: what is signed, and which signatures are taken for one. No I/O."""

from __future__ import annotations

from eth_hash.auto import keccak

from antiphon.domains.identity.ports import Signature

__all__ = ["SIGNATURE_MAX", "personal_digest", "read_signature"]

SIGNATURE_MAX = 4096  # bytes; those of contract wallets hold several signatures and proofs
HALF_OF_N = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0  # of secp256k1's order


def personal_digest(text: str) -> bytes:
    """What `personal_sign` signs of a text (EIP-191, version 0x45)."""
    message = text.encode("utf-8")
    return keccak(b"\x19Ethereum Signed Message:\n%d" % len(message) + message)


def read_signature(raw: bytes) -> Signature | None:
    """The signature of a key: 65 bytes with v of 0, 1, 27 or 28, or 64 bytes of EIP-2098. None for all else.

    Of the two signatures that can be made from one, only that with the lower s is taken (EIP-2), so that nobody
    makes a second one without the key.
    """
    if len(raw) == 65 and raw[64] in {0, 1, 27, 28}:
        parity, s = raw[64] % 27, int.from_bytes(raw[32:64])
    elif len(raw) == 64:
        parity, s = raw[32] >> 7, int.from_bytes(raw[32:64]) & (1 << 255) - 1
    else:
        return None
    return (parity, int.from_bytes(raw[:32]), s) if 0 < s <= HALF_OF_N else None
