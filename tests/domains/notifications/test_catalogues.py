"""The words of letters are complete in every language."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from babel.messages.pofile import read_po

from antiphon.domains.identity.api.letters import Purpose
from antiphon.domains.notifications.catalogues import FOLDER, LANGUAGES, translations
from antiphon.domains.notifications.wording import CHANGES, FACTS, LETTERS, SAMPLES, messages

PLACEHOLDER = re.compile(r"\{[^}]*\}?")


def test_there_is_a_catalogue_for_every_language_of_the_client() -> None:
    assert sorted(file.stem for file in FOLDER.glob("*.po")) == sorted(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_and_none_is_left_over(language: str) -> None:
    with (FOLDER / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    there = [str(message.id) for message in catalogue if message.id]
    assert there == list(messages())
    assert [str(message.id) for message in catalogue if message.id and not message.string] == []
    assert [str(message.id) for message in catalogue if message.fuzzy and message.id] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_those_of_the_english(language: str) -> None:
    wrong = [
        english
        for english, said in translations(language).items()
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(said))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_translations_are_translated(language: str) -> None:
    same = [english for english, said in translations(language).items() if english == said and len(english) > 12]
    assert same == []


def test_english_says_what_it_says() -> None:
    assert all(english == said for english, said in translations("en").items())


def test_every_fact_has_a_label_and_a_sample() -> None:
    named = {fact for wording in LETTERS.values() for fact in wording.facts}
    assert named <= FACTS.keys()
    assert named | {"by", "until", "erased_at", "artist"} == SAMPLES.keys()
    assert SAMPLES["change"] in CHANGES


def test_whatever_identity_wants_written_has_words() -> None:
    assert set(get_args(Purpose)) <= LETTERS.keys()


def test_a_letter_with_a_button_has_words_for_the_plain_text() -> None:
    assert [name for name, wording in LETTERS.items() if bool(wording.button) != bool(wording.lead)] == []
