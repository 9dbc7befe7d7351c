"""Every letter in every language: what it must hold, and what nobody can put into it."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.identity.api import Letter
from antiphon.domains.notifications.catalogues import LANGUAGES, language_of
from antiphon.domains.notifications.model import Letterhead, device_name
from antiphon.domains.notifications.render import Rendered, render
from antiphon.domains.notifications.wording import LETTERS, SAMPLES

HEAD = Letterhead(site_url="https://music.example:8443", contact="help@music.example")
LINK = "https://music.example:8443/letters/confirm?a=1&b=2#dG9rZW4"
everywhere = pytest.mark.parametrize("language", LANGUAGES)
each = pytest.mark.parametrize("purpose", LETTERS)


def rendered(purpose: str, language: str = "en", head: Letterhead = HEAD, **given: Any) -> Rendered:
    asked: dict[str, Any] = {"id": UUID(int=1), "to": "ada@example.org", "name": "Ada", "data": SAMPLES}
    asked["link"] = LINK if LETTERS[purpose].button else None
    return render(Letter(purpose=purpose, language=language, **(asked | given)), head)


class Document(HTMLParser):
    """What a reader of the HTML gets: texts in their order, addresses of links, tags with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._skipped = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in {"style", "title"}:
            self._skipped += 1
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self._skipped and data.strip():
            self.texts.append(data.strip())

    @property
    def text(self) -> str:
        return " ".join(self.texts)


@everywhere
@each
def test_every_letter_in_every_language(purpose: str, language: str) -> None:
    made = rendered(purpose, language)
    english = rendered(purpose, "en")
    assert made.language == language
    assert made.subject
    if language != "en":
        assert made.subject != english.subject
        assert made.text != english.text
    for text in (made.subject, made.text, made.html):
        assert not re.search(r"\{[a-z_]+\}", text)
    document = Document(made.html)
    if LETTERS[purpose].button:
        assert document.links == [LINK]
        assert document.texts.count(LINK) == 1
        assert unescape(made.html).count(LINK) == 2
        assert made.text.splitlines().count(LINK) == 1
    else:
        assert document.links == []
    assert "help@music.example" in document.text
    assert "help@music.example" in made.text
    assert "music.example:8443" in document.text


@everywhere
def test_direction_and_language_of_the_document(language: str) -> None:
    tags = Document(rendered("new_device", language).html).tags
    html = next(attributes for tag, attributes in tags if tag == "html")
    right = language in {"ar", "he"}
    assert (html["lang"], html["dir"]) == (language, "rtl" if right else "ltr")
    sides = _sides(tags)
    assert set(sides) == {"right" if right else "left"}


def _sides(tags: list[tuple[str, dict[str, str | None]]]) -> list[str]:
    """The alignments of everything that holds words; MJML's columns are boxes around those."""
    styles = [(attributes.get("class") or "", attributes.get("style") or "") for _, attributes in tags]
    return [
        side
        for name, style in styles
        if "mj-column" not in name
        for side in re.findall(r"text-align:(\w+)", style)
        if side in {"left", "right"}
    ]


@each
def test_a_letter_fetches_nothing_and_runs_nothing(purpose: str) -> None:
    html = rendered(purpose).html
    tags = {tag for tag, _ in Document(html).tags}
    assert not tags & {"img", "script", "link", "iframe", "form", "object", "video"}
    assert not re.search(r"url\(|@import|\son\w+=", html)
    assert len(html) < 60_000  # of a longer one some mail programs show the beginning only
    assert set(re.findall(r"https?://[^\s\"'<]+", unescape(html))) <= {
        LINK,
        "http://www.w3.org/1999/xhtml",
    }


@pytest.mark.parametrize(
    "name", ["<b>Ada</b>", 'Ada & "Grace"', "{site}", "<mj-raw>Ada", "</mj-text>", "--><i>", "&lt;"]
)
@pytest.mark.parametrize("language", ["en", "he"])
def test_names_are_only_words(name: str, language: str) -> None:
    data = SAMPLES | {"by": name, "address": name}
    for purpose in ("welcome", "invitation", "new_device"):
        made = rendered(purpose, language, name=name, data=data)
        document = Document(made.html)
        assert name in document.texts
        assert {tag for tag, _ in document.tags} == {tag for tag, _ in Document(rendered(purpose).html).tags}
        assert name in made.text


@given(st.text(max_size=64))
def test_no_name_breaks_a_letter(name: str) -> None:
    plain = Document(rendered("new_device").html)
    made = Document(rendered("new_device", name=name, data=SAMPLES | {"device": name}).html)
    assert made.links == plain.links
    assert {tag for tag, _ in made.tags} <= {tag for tag, _ in plain.tags} | {"bdi"}


@pytest.mark.parametrize(
    "name",
    [
        "win at casino.example",
        "http://casino.example",
        "casino。example",
        "casino\uff0ecom",
        "me@casino",
        "x://y",
        "WWW.CASINO.EXAMPLE",
    ],
)
def test_nobody_advertises_in_our_letters(name: str) -> None:
    data = SAMPLES | {"by": name, "device": name}
    for purpose in ("verify_email", "invitation", "new_device"):
        made = rendered(purpose, name=name, data=data)
        assert name not in made.text
        assert "casino" not in made.html.lower()
    assert rendered("verify_email", name=name).text.startswith("Hello,\n")
    assert "You are invited to music.example" in rendered("invitation", name=name, data=data).text


@pytest.mark.parametrize("name", ["Ada", "J. S. Bach", "Mr. A", "Sun 2.0", "初音ミク", "علي"])
def test_people_are_greeted_by_their_names(name: str) -> None:
    assert name in rendered("welcome", name=name).text.splitlines()[0]


def test_without_data_a_letter_says_what_it_knows() -> None:
    made = rendered("new_device", name="", data={})
    assert made.text.startswith("Hello,\n")
    assert "Device" not in made.text
    assert rendered("verify_email", data={}).text.count("The link works once.") == 1
    assert "Soon it goes" in rendered("deletion_asked", data={}).text
    odd = {"at": "yesterday", "size": "-1", "change": "sold", "address": " ", "device": "\x07"}
    assert rendered("factor_changed", data=odd).text == rendered("factor_changed", data={}).text


@pytest.mark.parametrize(
    ("language", "moment"),
    [
        ("en", "November 20, 2026, 8:02\u202fPM UTC"),
        ("de", "20. November 2026, 20:02 UTC"),
        ("ja", "2026年11月20日 20:02 UTC"),
    ],
)
def test_times_are_written_as_people_write_them(language: str, moment: str) -> None:
    data = {"at": "2026-11-20T21:02:00+01:00"}
    assert moment in rendered("new_device", language, data=data).text


def test_sizes_and_changes_are_in_the_language() -> None:
    assert "700 MiB" in rendered("export_ready").text
    assert "0,1 MiB" in rendered("export_ready", "de", data={"size": "12"}).text
    assert "Ein Passkey wurde hinzugefügt" in rendered("factor_changed", "de").text


def test_what_runs_to_the_left_stays_in_its_place() -> None:
    assert "\u2068Ada\u2069" in rendered("welcome", "ar").text
    assert "\u2068علي\u2069" in rendered("welcome", "en", name="علي").text
    assert "\u2068" not in rendered("welcome", "en").text
    assert '<bdi dir="ltr">music.example:8443</bdi>' in rendered("welcome", "he").html


def test_nobody_to_ask_by_letter() -> None:
    made = rendered("welcome", head=Letterhead(site_url="http://localhost:8420"))
    assert "Questions? Ask the people who run localhost:8420." in made.text


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
            "Safari/537.36 Edg/142.0.0.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/19.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome, Android"),
        ("python-httpx/0.28.1", "python-httpx"),
        ("curl", "curl"),
        ("win at casino.example", ""),
        ("casino.example/1.0", ""),
        ("", ""),
    ],
)
def test_devices_are_named_as_their_owners_know_them(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


@pytest.mark.parametrize(
    ("tag", "ours"), [("de-AT", "de"), ("iw", "he"), ("ar_EG", "ar"), ("EN", "en"), ("pt-BR", "en"), ("", "en")]
)
def test_language_tags(tag: str, ours: str) -> None:
    assert language_of(tag) == ours
