"""Handles, names and addresses: what is taken, what is refused, and what counts as the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.identity.model import clean_display_name, clean_email, clean_handle, clean_user_agent, email_key
from antiphon.kit.errors import Invalid

HANDLES = st.from_regex(r"[a-zA-Z0-9_][a-zA-Z0-9_.]{0,28}[a-zA-Z0-9_]", fullmatch=True).filter(lambda t: ".." not in t)


def taken(clean: Callable[[str], str], text: str) -> str | None:
    """What it becomes; None where it is refused."""
    try:
        return clean(text)
    except Invalid:
        return None


@given(HANDLES)
def test_a_handle_is_lower_case_and_cleaning_it_again_changes_nothing(text: str) -> None:
    handle = clean_handle(text)
    assert handle == text.lower()
    assert clean_handle(handle) == handle


@given(st.text())
def test_whatever_is_typed_a_handle_that_is_taken_has_the_form_of_one(text: str) -> None:
    handle = taken(clean_handle, text)
    if handle is not None:
        assert re.fullmatch(r"[a-z0-9_.]{2,30}", handle)
        assert not handle.startswith(".")
        assert not handle.endswith(".")


@pytest.mark.parametrize("text", ["a", "", "a" * 31, ".ada", "ada.", "a..b", "ad a", "ada-l", "\u0430da", "ada\x00"])
def test_handles_that_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        clean_handle(text)


def test_wide_letters_and_spaces_around_make_the_same_handle() -> None:
    assert clean_handle(" \uff21\uff24\uff21_1 ") == "ada_1"


@given(st.text(max_size=80))
def test_a_display_name_is_composed_visible_and_stays_as_it_is(text: str) -> None:
    name = taken(clean_display_name, text)
    if name is not None:
        assert unicodedata.is_normalized("NFC", name)
        assert 1 <= len(name) <= 64
        assert name == name.strip()
        assert clean_display_name(name) == name


@pytest.mark.parametrize(
    "text", ["", "   ", "\u200b\u200b", "\u0301", "ada\x00", "ada\x1b[31m", "\u202eada", "x" * 65, "\u2066ada\u2069"]
)
def test_names_that_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        clean_display_name(text)


@pytest.mark.parametrize("text", ["Zoë", "李小龍", "محمد", "👩‍🎤 Ada", "נועה", "O'Neil & Söhne"])
def test_names_of_the_whole_world_are_taken(text: str) -> None:
    assert clean_display_name(text) == unicodedata.normalize("NFC", text)


def test_two_spellings_of_a_name_are_stored_alike() -> None:
    assert clean_display_name("Zoe\u0308") == clean_display_name("Zo\u00eb")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada@Example.org", "ada@example.ORG"),
        ("straße@example.org", "STRASSE@example.org"),
        ("ada@münchen.example", "ada@xn--mnchen-3ya.example"),
        ("zoe\u0308@example.org", "zo\u00eb@EXAMPLE.org"),
        (" ada@example.org ", "ada@example.org"),
    ],
)
def test_spellings_of_one_address(one: str, other: str) -> None:
    assert email_key(clean_email(one)) == email_key(clean_email(other))


def test_the_address_is_written_to_as_it_was_given() -> None:
    assert clean_email("Ada.L+news@Example.ORG") == "Ada.L+news@example.org"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@@example.org",
        "a da@example.org",
        "ada@exa mple.org",
        "ada@-x.org",
        "ada\r\nBcc:x@example.org",
        "ada\x00@example.org",
        "ada@example..org",
        "x" * 65 + "@example.org",
        "ada@" + "x" * 64 + ".org",
        "ada@" + "x." * 130 + "org",
        "a\u200bda@example.org",
        "<ada>@example.org",
    ],
)
def test_addresses_that_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        clean_email(text)


@given(st.emails())
def test_ordinary_addresses_are_taken_and_their_key_is_stable(address: str) -> None:
    if any(sign in address for sign in '"(),:;<>[]\\') or address.endswith("]"):
        return
    cleaned = clean_email(address)
    assert clean_email(cleaned) == cleaned
    assert email_key(cleaned) == email_key(cleaned.upper()) == email_key(email_key(cleaned))


@given(st.text())
def test_what_a_device_calls_itself_is_printable_and_short(text: str) -> None:
    assert clean_user_agent(text).isprintable()
    assert len(clean_user_agent(text)) <= 300
