"""What a newcomer is called, and where a sign-in may lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.identity.model import clean_display_name, clean_handle
from antiphon.domains.identity.model_providers import display_name_for, handles_for, own_path


def lowest(_below: int) -> int:
    return 0


@pytest.mark.parametrize(
    ("name", "email", "first"),
    [
        ("Ada Lovelace", "ada@example.org", "ada_lovelace"),
        ("Zoë Müller-Ångström", None, "zoe_muller_angstrom"),
        ("山田 太郎", "taro.yamada@example.org", "taro_yamada"),
        ("…", None, "listener"),
        (None, None, "listener"),
        ("X", "y@example.org", "x1000"),
        ("A" * 90, None, "a" * 30),
    ],
)
def test_a_handle_comes_from_the_name(name: str | None, email: str | None, first: str) -> None:
    assert handles_for(name, email, lowest)[0] == first


@given(st.none() | st.text(max_size=80), st.none() | st.text(max_size=80))
def test_every_suggestion_is_a_handle(name: str | None, email: str | None) -> None:
    suggested = handles_for(name, email)
    assert len(suggested) >= 4
    assert len(set(suggested)) >= 2
    assert [clean_handle(handle) for handle in suggested] == suggested


@given(st.none() | st.text(max_size=400))
def test_everybody_has_a_name(name: str | None) -> None:
    shown = display_name_for(name, "ada")
    assert clean_display_name(shown) == shown


@pytest.mark.parametrize("path", ["/", "/library", "/albums/alb_x?tab=1#top", "/search?q=%C3%A9"])
def test_paths_of_our_own(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [None, "", "library", "//evil", "/\\evil", "\\/evil", "https://evil", "/a b", "/a\nb", "/\u202eb", "/" + "a" * 512],
)
def test_anything_else_leads_to_the_front_page(path: str | None) -> None:
    assert own_path(path) == "/"


@given(st.text(max_size=40))
def test_no_path_leaves_the_site(text: str) -> None:
    path = own_path("/" + text)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert not any(letter.isspace() or letter == "\\" for letter in path)
