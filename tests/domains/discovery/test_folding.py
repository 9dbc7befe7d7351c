"""Names as they are searched: whatever they are made of."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.discovery.asking import ask_of
from antiphon.domains.discovery.folding import chunks, endings, key, keys, tokens, typos
from antiphon.domains.discovery.ports import Filters, Page
from tests.support.samples import samples_folder

NAMES = st.text(max_size=200) | st.text(
    alphabet="ÄÖüßøæ東京事変さくらガールבאעדаёйкнопя'!$/&.-()[] \t\n\u0301\u200d\ufe0f", max_size=80
)


def _whole(name: str) -> None:
    """Nothing that is asked for lacks in what is indexed."""
    found = set(tokens(name))
    assert all(token and not any(letter.isspace() for letter in token) for token in found)
    for chunk in chunks(name):
        assert chunk.ways
        assert all(set(way) <= found for way in chunk.ways)
    assert key(name) in {*keys(name), ""}
    for token in found:
        assert chunks(token), token
    ask = ask_of(name, {"track": Page(1)}, Filters())
    assert (ask is None) == (not found)
    endings(found)


@given(NAMES)
def test_any_name_is_found_by_itself(name: str) -> None:
    _whole(name)


@given(NAMES)
def test_a_key_has_no_spaces_and_no_signs_but_where_there_is_nothing_else(name: str) -> None:
    whole = key(name)
    assert not any(letter.isspace() for letter in whole)
    assert whole == key(f"  {name}\t")
    if any(letter.isalnum() for letter in whole):
        assert not any(unicodedata.category(letter)[0] in "PS" for letter in whole)


@given(NAMES)
def test_case_and_composition_do_not_matter(name: str) -> None:
    assert key(name) == key(unicodedata.normalize("NFD", name)) == key(name.casefold())


def test_naughty_strings_are_names_too() -> None:
    samples = samples_folder()
    if samples is None:
        pytest.skip("no sample collection: set ANTIPHON_SAMPLES")
    lists = list((samples / "conformance" / "unicode").glob("blns.txt"))
    assert lists
    for path in lists:
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            _whole(line)


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Paranoid Android (Remastered 2009)", {"paranoidandroidremastered2009", "paranoidandroid"}),
        ("Creep - Acoustic", {"creepacoustic", "creep"}),
        ("[Untitled]", {"untitled"}),
        ("", set()),
    ],
)
def test_a_name_is_meant_without_its_brackets_too(title: str, wanted: set[str]) -> None:
    assert set(keys(title)) == wanted


def test_short_words_and_numbers_are_spelt_right() -> None:
    assert [typos(word) for word in ("abc", "1999", "love", "radiohead")] == [0, 0, 1, 2]


def test_the_ends_of_long_words_begin_their_inner_parts() -> None:
    assert "phantasm" in endings(["xylophantasm"])
    assert endings(["abcd"]) == ()
    assert "소년단" in endings(["방탄소년단"])
