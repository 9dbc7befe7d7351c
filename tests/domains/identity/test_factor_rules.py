"""Codes of authenticator apps by the book, and the rules of the other second factors."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.identity import model_factors as model
from antiphon.kit.errors import Invalid

# RFC 6238, appendix B, SHA-1; the RFC prints eight digits, of which an app of six shows the last six.
RFC_6238 = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]
# RFC 4226, appendix D: six digits for the counters 0 to 9.
RFC_4226 = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
RFC_SEED = b"12345678901234567890"
FULL_WIDTH = "".join(chr(0xFF10 + digit) for digit in range(1, 7))
ARABIC = "".join(chr(0x0660 + digit) for digit in range(1, 7))
seeds = st.binary(min_size=20, max_size=20)
moments = st.integers(946_684_800, 7_258_118_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize(("seconds", "eight"), RFC_6238)
def test_codes_are_those_of_rfc_6238(seconds: int, eight: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert model.totp_code(RFC_SEED, seconds // 30) == eight[2:]
    assert model.matching_step(RFC_SEED, eight[2:], at) == seconds // 30


@pytest.mark.parametrize(("counter", "code"), list(enumerate(RFC_4226)))
def test_codes_are_those_of_rfc_4226(counter: int, code: str) -> None:
    assert model.totp_code(RFC_SEED, counter) == code


@given(seeds, moments, st.integers(-1, 1))
def test_a_clock_may_be_one_step_wrong(seed: bytes, at: datetime, off: int) -> None:
    step = int(at.timestamp()) // 30 + off
    found = model.matching_step(seed, model.totp_code(seed, step), at)
    assert found is not None
    assert model.totp_code(seed, found) == model.totp_code(seed, step)


@given(seeds, moments, st.sampled_from([-40, -3, -2, 2, 3, 40]))
def test_but_not_two(seed: bytes, at: datetime, off: int) -> None:
    now = int(at.timestamp()) // 30
    code = model.totp_code(seed, now + off)
    near = {model.totp_code(seed, now + near) for near in (-1, 0, 1)}
    assert (model.matching_step(seed, code, at) is None) == (code not in near)


@given(st.text(max_size=12))
def test_rubbish_is_no_code(typed: str) -> None:
    at = datetime(2026, 11, 25, tzinfo=UTC)
    if model.clean_code(typed) not in {model.totp_code(RFC_SEED, int(at.timestamp()) // 30 + i) for i in (-1, 0, 1)}:
        assert model.matching_step(RFC_SEED, typed, at) is None


@given(seeds)
def test_an_app_reads_the_seed_from_the_address(seed: bytes) -> None:
    url = model.otpauth_url(seed, account="ada@example.org", issuer="Antiphon")
    asked = parse_qs(urlsplit(url).query)
    app = pyotp.parse_uri(url)
    assert asked["secret"] == [model.seed_letters(seed)]
    assert asked["issuer"] == ["Antiphon"]
    assert base64.b32decode(asked["secret"][0]) == seed
    assert isinstance(app, pyotp.TOTP)
    assert app.at(1234567890) == model.totp_code(seed, 1234567890 // 30)


def test_seeds_are_long_and_never_the_same() -> None:
    made = {model.new_seed() for _ in range(50)}
    assert {len(seed) for seed in made} == {20}
    assert len(made) == 50


@pytest.mark.parametrize("typed", ["123456", "123 456", " 123-456 ", FULL_WIDTH, ARABIC])
def test_a_code_is_read_however_it_was_typed(typed: str) -> None:
    assert model.clean_code(typed) == "123456"


def test_recovery_codes_are_ten_and_read_however_they_were_typed() -> None:
    codes = model.new_recovery_codes()
    assert len(set(codes)) == 10
    for code in codes:
        plain = model.plain_recovery_code(code)
        assert len(plain) == 10
        assert plain == model.plain_recovery_code(f" {code.upper().replace('-', ' ')} ")
        assert plain == model.plain_recovery_code(code.replace("0", "O").replace("1", "I"))
        assert plain == model.plain_recovery_code(code.replace("1", "l"))


@pytest.mark.parametrize(
    "typed", ["+4915112345678", "0049 151 12345678", "+49 (151) 123-45678", "+49.151/12345678", "+٤٩١٥١١٢٣٤٥٦٧٨"]
)
def test_a_number_is_brought_to_e164(typed: str) -> None:
    assert model.clean_number(typed) == "+4915112345678"


@pytest.mark.parametrize("typed", ["", "0151 12345678", "+0151234567", "+49abc1234567", "+1234567890123456", "+12345"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        model.clean_number(typed)
    assert caught.value.problems[0].code == "invalid_number"


@given(st.text(max_size=30))
def test_a_number_is_e164_or_refused(typed: str) -> None:
    try:
        number = model.clean_number(typed)
    except Invalid:
        return
    assert number[0] == "+"
    assert number[1:].isascii()
    assert number[1:].isdigit()
    assert model.clean_number(number) == number


def test_ten_mistakes_are_free_and_then_it_takes_longer_and_longer() -> None:
    assert [model.lock_after(failures) for failures in range(10)] == [None] * 10
    locks = [model.lock_after(failures) for failures in (10, 11, 12, 13, 30, 10_000)]
    assert locks == [timedelta(minutes=m) for m in (1, 2, 4, 8, 60, 60)]


def test_codes_by_text_are_six_digits() -> None:
    assert all(len(model.new_text_code()) == 6 and model.new_text_code().isdigit() for _ in range(200))
