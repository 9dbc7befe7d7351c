"""API keys and app passwords as text."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.identity.model_keys import (
    clean_expiry,
    clean_scopes,
    new_api_key,
    new_app_password,
    password_fits,
    read_api_key,
    token_fits,
)
from antiphon.domains.identity.policy import SCOPES
from antiphon.kit.errors import Invalid
from antiphon.kit.ids import LETTERS
from antiphon.kit.secrets import token_digest

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@given(st.uuids())
def test_a_key_names_its_row_and_is_known_by_its_digest(key_id: UUID) -> None:
    text = new_api_key(key_id)
    found = read_api_key(text)
    assert found is not None
    assert (found.id, found.digest) == (key_id, token_digest(text))
    assert text.startswith("ak_")
    assert len(text) == 68
    assert text[3:].isalnum()


def test_two_keys_share_nothing_but_their_row() -> None:
    key_id = uuid4()
    first, second = new_api_key(key_id), new_api_key(key_id)
    assert first[:29] == second[:29]
    assert first[29:] != second[29:]


@given(st.integers(0, 67), st.sampled_from(LETTERS + "ilouA_- é"))
def test_a_misspelt_key_is_none_at_all(place: int, letter: str) -> None:
    text = new_api_key(UUID(int=99 << 64))
    spoilt = text[:place] + letter + text[place + 1 :]
    assert spoilt == text or read_api_key(spoilt) is None


@given(st.text(max_size=90))
def test_rubbish_is_no_key(text: str) -> None:
    assert read_api_key(text) is None
    assert read_api_key("ak_" + text) is None


def test_letters_that_changed_places_are_found_out() -> None:
    text = new_api_key(uuid4())
    for place in range(29, 60):
        if text[place] != text[place + 1]:
            assert read_api_key(text[:place] + text[place + 1] + text[place] + text[place + 2 :]) is None


def test_an_app_password_can_be_read_aloud() -> None:
    made = {new_app_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        groups = password.split("-")
        assert [len(group) for group in groups] == [5, 5, 5, 5]
        assert set("".join(groups)) <= set(LETTERS)


@pytest.mark.parametrize(
    "given", ["k3m9p-0abcd-efghj-kmnpq", "k3m9p0abcdefghjkmnpq", "K3M9P 0ABCD EFGHJ KMNPQ", " k3m9p-0abcdefghj-kmnpq "]
)
def test_how_people_type_it(given: str) -> None:
    assert password_fits("k3m9p-0abcd-efghj-kmnpq", given)


@pytest.mark.parametrize("given", ["", "-", "k3m9p", "k3m9p-0abcd-efghj-kmnpr", "k3m9p-0abcd-efghj-kmnpqq", "\ud800"])
def test_what_is_another_password(given: str) -> None:
    assert not password_fits("k3m9p-0abcd-efghj-kmnpq", given)


@given(st.text(max_size=40))
def test_the_token_is_the_md5_of_password_and_salt(salt: str) -> None:
    stored = new_app_password()
    for spelling in (stored, stored.replace("-", "")):
        token = hashlib.md5((spelling + salt).encode()).hexdigest()
        assert token_fits(stored, token, salt)
        assert token_fits(stored, token.upper(), salt)
        assert not token_fits(stored, token, salt + "x")
    assert not token_fits(stored, hashlib.md5(salt.encode()).hexdigest(), salt)
    assert not token_fits(stored, stored, salt)


def test_the_token_of_the_specification() -> None:
    """The example of the Subsonic API: password `sesame`, salt `c19b2d`."""
    assert token_fits("sesame", "26719a1196d2a940705a59634eb18eab", "c19b2d")


def test_scopes() -> None:
    assert clean_scopes(["upload", "listen", "upload"]) == ["listen", "upload"]
    for wrong in ([], ["everything"], ["listen", ""], ["security"]):
        with pytest.raises(Invalid):
            clean_scopes(wrong)


def test_no_scope_reaches_what_guards_the_account() -> None:
    reached = frozenset().union(*SCOPES.values())
    for guarded in ("security.manage", "privacy.manage", "users.manage", "system.operate", "invitations.manage"):
        assert guarded not in reached


def test_when_a_key_may_run_out() -> None:
    assert clean_expiry(None, NOW) is None
    soon = NOW + timedelta(days=30)
    assert clean_expiry(soon, NOW) == soon
    assert clean_expiry(soon.astimezone(timezone(timedelta(hours=5))), NOW) == soon
    for wrong in (NOW, NOW - timedelta(seconds=1), NOW + timedelta(days=3000), soon.replace(tzinfo=None)):
        with pytest.raises(Invalid):
            clean_expiry(wrong, NOW)
