"""What every carrier of letters promises."""

from __future__ import annotations

import pytest

from antiphon.domains.notifications.errors import LetterRefused
from tests.contracts.mail.conftest import Carrier, Seen, letter


async def test_a_letter_arrives(carrier: Carrier) -> None:
    await carrier.mailer.send(letter())
    assert carrier.arrived() == [Seen("ada@example.org", "A word", "Hello\n\nÄ word.\n")]


@pytest.mark.parametrize("subject", ["Подтверди", "確認" * 30, "אישור כתובת", "a" * 300, "Ünï " * 40 + "end"])
async def test_subjects_of_every_script_and_length(carrier: Carrier, subject: str) -> None:
    await carrier.mailer.send(letter(subject=subject))
    assert [one.subject for one in carrier.arrived()] == [subject.strip()]


@pytest.mark.parametrize("text", [".\n..\n.a\n", "x" * 5000 + "\n", "שלום\n" * 200, "a\n\n\n\nb\n"])
async def test_texts_arrive_as_they_are(carrier: Carrier, text: str) -> None:
    await carrier.mailer.send(letter(text=text))
    assert [one.text for one in carrier.arrived()] == [text]


async def test_hosts_of_every_script(carrier: Carrier) -> None:
    await carrier.mailer.send(letter(to="ada@bücher.example"))
    (seen,) = carrier.arrived()
    assert seen.to in {"ada@xn--bcher-kva.example", "ada@bücher.example"}


async def test_a_host_that_cannot_be(carrier: Carrier) -> None:
    with pytest.raises(LetterRefused):
        await carrier.mailer.send(letter(to=f"ada@{'x' * 64}.example"))
    assert carrier.arrived() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "A word\r\nBcc: eve@example.org"},
        {"subject": "A word\nBcc: eve@example.org"},
        {"subject": "A\u2028word"},
        {"subject": ""},
        {"name": "Ada\r\nBcc: eve@example.org"},
        {"to": "ada@example.org\r\nBcc: eve@example.org"},
        {"to": "ada@example.org, eve@example.org"},
        {"to": "ada@example.org> SIZE=1"},
        {"to": "ada"},
        {"message_id": "<a@b>\r\nBcc: eve@example.org"},
        {"headers": {"X-A": "b\r\nBcc: eve@example.org"}},
        {"headers": {"X-A: b\r\nBcc": "eve@example.org"}},
        {"headers": {"bcc": "eve@example.org"}},
        {"headers": {"Content-Type": "text/html"}},
    ],
)
async def test_nothing_is_smuggled_into_headers(carrier: Carrier, changes: dict[str, object]) -> None:
    with pytest.raises(LetterRefused):
        await carrier.mailer.send(letter(**changes))
    assert carrier.arrived() == []


async def test_names_that_look_like_syntax(carrier: Carrier) -> None:
    await carrier.mailer.send(letter(name='"Ada" <eve@example.org>, Eve'))
    assert [one.to for one in carrier.arrived()] == ["ada@example.org"]


async def test_the_way_can_be_tried(carrier: Carrier) -> None:
    assert await carrier.mailer.check()
    assert carrier.arrived() == []
