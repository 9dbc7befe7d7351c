"""Signatures of keys: who signed, in each of the ways in which wallets write it; and what is nobody's."""

from __future__ import annotations

import subprocess
import sys

import pytest
from eth_account import Account
from eth_account.messages import defunct_hash_message, encode_defunct
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.wallets.ethereum import EthereumKeys
from antiphon.domains.identity.model_wallets import personal_digest, read_signature

N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
KEY = Account.from_key("0x" + "11" * 32)
TEXT = "music.example wants you to sign in with your Ethereum account:\n…"
SIGNED = bytes(KEY.sign_message(encode_defunct(text=TEXT)).signature)
R, S, V = SIGNED[:32], int.from_bytes(SIGNED[32:64]), SIGNED[64]


async def signer(text: str, raw: bytes) -> str | None:
    signature = read_signature(raw)
    return await EthereumKeys().signer(text, signature) if signature else None


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(SIGNED, id="v of 27 and 28"),
        pytest.param(SIGNED[:64] + bytes([V - 27]), id="v of 0 and 1"),
        pytest.param(R + (S | (V - 27) << 255).to_bytes(32), id="compact, EIP-2098"),
    ],
)
async def test_the_key_is_told_however_the_wallet_writes_it(raw: bytes) -> None:
    assert await signer(TEXT, raw) == KEY.address


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(R + (N - S).to_bytes(32) + bytes([55 - V]), id="the other s"),
        pytest.param(R + S.to_bytes(32) + bytes([V + 8]), id="v of a transaction"),
        pytest.param(R + S.to_bytes(32) + b"\xff", id="v of nothing"),
        pytest.param(R + bytes(32) + bytes([V]), id="s of 0"),
        pytest.param(bytes(32) + SIGNED[32:], id="r of 0"),
        pytest.param(N.to_bytes(32) + SIGNED[32:], id="r of the order"),
        pytest.param(b"\xff" * 32 + SIGNED[32:], id="r of everything"),
        pytest.param((5).to_bytes(32) + SIGNED[32:], id="r that is on no point"),
        pytest.param(R + N.to_bytes(32) + bytes([V]), id="s of the order"),
        pytest.param(b"", id="nothing"),
        pytest.param(SIGNED[:63], id="too short"),
        pytest.param(SIGNED + b"\0", id="too long"),
        pytest.param(bytes(65), id="zeros"),
    ],
)
async def test_what_no_key_signed_is_nobodys(raw: bytes) -> None:
    assert await signer(TEXT, raw) is None


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        (TEXT + " ", SIGNED),
        (TEXT, SIGNED[:64] + bytes([55 - V])),
        (TEXT, SIGNED[:31] + bytes([SIGNED[31] ^ 1]) + SIGNED[32:]),
        (TEXT, SIGNED[:63] + bytes([SIGNED[63] ^ 1]) + SIGNED[64:]),
    ],
    ids=["another text", "another parity", "another r", "another s"],
)
async def test_a_change_makes_it_somebody_elses(text: str, raw: bytes) -> None:
    assert await signer(text, raw) != KEY.address


@given(st.binary(min_size=60, max_size=70))
async def test_no_bytes_break_it(raw: bytes) -> None:
    assert await signer(TEXT, raw) != KEY.address


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_the_digest_is_that_of_personal_sign(text: str) -> None:
    assert personal_digest(text) == defunct_hash_message(text=text)


def test_the_library_is_not_loaded_before_a_wallet_signs_in() -> None:
    """It costs every process 22 MB and a slow start."""
    script = (
        "import sys; import antiphon.entry.http.app; print('eth_account' in sys.modules, 'pydantic' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]
