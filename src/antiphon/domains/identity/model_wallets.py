"""Rules of wallets: what is signed, for what, and which signatures are taken for one. No I/O."""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from enum import StrEnum

from eth_hash.auto import keccak

from antiphon.domains.identity.ports import Signature

__all__ = [
    "KEY_SIGNATURE_MAX",
    "MESSAGE_MAX",
    "NONCE_LIFE",
    "SIGNATURE_MAX",
    "Purpose",
    "made_up_handle",
    "nonce_of",
    "personal_digest",
    "read_signature",
    "statement_for",
    "token_of",
]

NONCE_LIFE = timedelta(minutes=10)
MESSAGE_MAX = 4000  # letters; ours has some 400
KEY_SIGNATURE_MAX = 65
SIGNATURE_MAX = 4096  # bytes; those of contract wallets hold several signatures and proofs
HALF_OF_N = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0  # of secp256k1's order
_HANDLE_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


class Purpose(StrEnum):
    """What a signature is for; one that was given for one purpose is worth nothing for another."""

    SIGN_IN = "wallet_sign_in"
    LINK = "wallet_link"
    STEP_UP = "wallet_step_up"


def statement_for(purpose: Purpose, handle: str = "") -> str:
    """What the wallet shows to its owner; the grammar of EIP-4361 takes ASCII only."""
    if purpose is Purpose.LINK:
        return f"Link this wallet to the Antiphon account {handle}, which it can then sign in to."
    if purpose is Purpose.STEP_UP:
        return f"Prove again that the Antiphon account {handle} is yours."
    return "Sign in to Antiphon. This sends no transaction and costs nothing."


def nonce_of(token: str) -> str:
    """A token of ours in the letters that EIP-4361 takes for a nonce."""
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).hex()


def token_of(nonce: str) -> str | None:
    """The token that has become this nonce; None where none of ours can have."""
    try:
        raw = bytes.fromhex(nonce)
    except ValueError:
        return None
    token = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    return token if nonce_of(token) == nonce else None


def made_up_handle() -> str:
    """For who did not say how they want to be called. It tells nothing of the wallet: handles are public."""
    return "fan_" + "".join(secrets.choice(_HANDLE_LETTERS) for _ in range(10))


def personal_digest(text: str) -> bytes:
    """What `personal_sign` signs of a text (EIP-191, version 0x45)."""
    message = text.encode("utf-8")
    return keccak(b"\x19Ethereum Signed Message:\n%d" % len(message) + message)


def read_signature(raw: bytes) -> Signature | None:
    """The signature of a key: 65 bytes with v of 0, 1, 27 or 28, or 64 bytes of EIP-2098. None for all else.

    Of the two signatures that can be made from one, only that with the lower s is taken (EIP-2), so that nobody
    makes a second one without the key.
    """
    if len(raw) == KEY_SIGNATURE_MAX and raw[64] in {0, 1, 27, 28}:
        parity, s = raw[64] % 27, int.from_bytes(raw[32:64])
    elif len(raw) == 64:
        parity, s = raw[32] >> 7, int.from_bytes(raw[32:64]) & (1 << 255) - 1
    else:
        return None
    return (parity, int.from_bytes(raw[:32]), s) if 0 < s <= HALF_OF_N else None
