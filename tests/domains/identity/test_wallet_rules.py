"""What a wallet is asked to sign, in letters that wallets take."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.identity.model import clean_handle
from antiphon.domains.identity.model_wallets import Purpose, made_up_handle, nonce_of, statement_for, token_of
from antiphon.domains.identity.tokens import new_opaque_token

STATEMENT = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;= ]+")
HANDLES = st.from_regex(r"[a-z0-9_][a-z0-9_.]{0,28}[a-z0-9_]", fullmatch=True).filter(lambda text: ".." not in text)


def test_a_nonce_is_a_token_in_other_letters() -> None:
    for token in (new_opaque_token() for _ in range(50)):
        nonce = nonce_of(token)
        assert re.fullmatch(r"[a-z0-9]{64}", nonce)
        assert token_of(nonce) == token


@given(st.text("0123456789abcdefABCDEFxyz", min_size=8))
def test_a_nonce_of_others_is_no_token_and_two_spellings_are_not_one(nonce: str) -> None:
    token = token_of(nonce)
    assert token is None or nonce_of(token) == nonce
    if nonce != nonce.lower():
        assert token is None


@given(st.sampled_from(Purpose), HANDLES)
def test_every_statement_can_be_written_and_names_whose_account_it_is(purpose: Purpose, handle: str) -> None:
    statement = statement_for(purpose, handle)
    assert STATEMENT.fullmatch(statement)
    assert (f"account {handle}" in statement) == (purpose is not Purpose.SIGN_IN)


def test_no_two_purposes_are_asked_for_in_the_same_words() -> None:
    assert len({statement_for(purpose, "ada") for purpose in Purpose}) == len(Purpose)


def test_made_up_handles_are_handles_and_do_not_repeat() -> None:
    made = [made_up_handle() for _ in range(200)]
    assert [clean_handle(handle) for handle in made] == made
    assert len(set(made)) == len(made)


@pytest.mark.parametrize("nonce", ["", "0", "zz" * 32, "AB" * 32, " " * 8, "00 0"])
def test_what_is_no_nonce_of_ours(nonce: str) -> None:
    assert token_of(nonce) in (None, "")
