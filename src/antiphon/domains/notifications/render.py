"""A letter in words: subject, plain text and HTML in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from unicodedata import bidirectional

import msgspec

from antiphon.domains.identity.api import Letter
from antiphon.domains.notifications.catalogues import language_of, translations
from antiphon.domains.notifications.layout import Page, page
from antiphon.domains.notifications.model import RIGHT_TO_LEFT, Letterhead, Value, values_of
from antiphon.domains.notifications.wording import COMMON, FACTS, LETTERS, Sentence

__all__ = ["Rendered", "render"]

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_ISOLATE, _ISOLATE_LTR, _END = "\u2068", "\u2066", "\u2069"


Show = Callable[[str | Value], str]


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    language: str
    subject: str
    text: str
    html: str


def render(letter: Letter, letterhead: Letterhead) -> Rendered:
    """Raises KeyError for a purpose that there are no words for."""
    wording = LETTERS[letter.purpose]
    language = language_of(letter.language)
    right_to_left = language in RIGHT_TO_LEFT
    said = _Voice(language, values_of(letter.data, letterhead, language, name=letter.name))
    hello = (COMMON["hello"], COMMON["hello_all"])
    contact = (COMMON["contact"], COMMON["no_contact"])

    def in_words(show: Show) -> Page:
        return Page(
            language=language,
            right_to_left=right_to_left,
            headline=said.one(wording.headline, show),
            greeting=said.one(hello, show),
            paragraphs=[text for sentence in wording.paragraphs if (text := said.maybe(sentence, show))],
            facts=[(said.one(FACTS[key], show), said.value(key, show)) for key in wording.facts if key in said.values],
            link=letter.link,
            button=said.maybe(wording.button, show),
            lead=said.maybe(wording.lead, show),
            note=said.maybe(wording.note, show),
            bare=said.one(COMMON["bare"], show),
            otherwise=(said.one(COMMON["otherwise"], show), said.one(wording.otherwise, show))
            if wording.otherwise
            else None,
            foot=[said.one(sentence, show) for sentence in (wording.why, contact, COMMON["sender"])],
        )

    plain = partial(_plain, right_to_left=right_to_left)
    words = in_words(plain)
    return Rendered(
        language=language,
        subject=said.one(wording.subject, plain),
        text=_as_text(words),
        html=page(in_words(_marked_up), preview=words.paragraphs[0]),
    )


class _Voice(msgspec.Struct, frozen=True):
    """Says English sentences in another language, with the letter's values in them."""

    language: str
    values: Mapping[str, Value]

    def maybe(self, sentence: Sentence | None, show: Show) -> str | None:
        """The first alternative whose placeholders can all be filled; None where there is none."""
        for english in (sentence,) if isinstance(sentence, str) else sentence or ():
            if set(_PLACEHOLDER.findall(english)) <= self.values.keys():
                words = show(translations(self.language)[english])
                return _PLACEHOLDER.sub(lambda found: self.value(found[1], show), words)
        return None

    def one(self, sentence: Sentence, show: Show) -> str:
        said = self.maybe(sentence, show)
        assert said is not None, sentence
        return said

    def value(self, key: str, show: Show) -> str:
        value = self.values[key]
        return show(translations(self.language)[value.text] if value.kind == "sentence" else value)


def _marked_up(words: str | Value) -> str:
    if isinstance(words, str):
        return escape(words)
    marks = {"name": "<bdi>{}</bdi>", "address": '<bdi dir="ltr">{}</bdi>'}
    return marks.get(words.kind, "{}").format(escape(words.text))


def _plain(words: str | Value, *, right_to_left: bool) -> str:
    """The marks that keep a value's direction from spilling over stand only where something runs to the left."""
    if isinstance(words, str):
        return words
    strange = right_to_left or any(bidirectional(letter) in {"R", "AL"} for letter in words.text)
    marks = {"name": f"{_ISOLATE}{{}}{_END}", "address": f"{_ISOLATE_LTR}{{}}{_END}"} if strange else {}
    return marks.get(words.kind, "{}").format(words.text)


def _as_text(letter: Page) -> str:
    """Laid out for reading as it is; paragraphs are one line each, so that every screen breaks them where it must."""
    blocks = [letter.greeting, *letter.paragraphs]
    if letter.facts:
        blocks.append("\n".join(f"{label}: {value}" for label, value in letter.facts))
    if letter.link and letter.lead:
        blocks.append(f"{letter.lead}\n{letter.link}")
    if letter.note:
        blocks.append(letter.note)
    if letter.otherwise:
        blocks.append(" ".join(letter.otherwise))
    return "\n\n".join([*blocks, "-- \n" + "\n".join(letter.foot)]) + "\n"
