"""Every way to send a text either hands it over whole or says that it did not."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.adapters.sms import open_text_messages
from antiphon.adapters.sms.fake import FakeTextMessages
from antiphon.domains.identity.errors import TextMessageFailed, TextMessagesOff
from antiphon.domains.identity.ports import TextMessages
from antiphon.kit.settings import Settings, SettingsError
from tests.support.texts import TextGateway, text_gateway

NUMBER, TEXT = "+4915112345678", 'Ihr Code ist 123456 & "gilt" 10 Minuten.\n@localhost #123456 קוד {number}'
FORM = "To={number}&From=%2B4930123&Body={text}"


@pytest.fixture(scope="module")
def running() -> Iterator[TextGateway]:
    with text_gateway() as gateway:
        yield gateway


@pytest.fixture
def gateway(running: TextGateway) -> TextGateway:
    running.status = 202
    running.arrived.clear()
    return running


Last = Callable[[], tuple[str, str]]


@pytest.fixture(params=["json", "form", "fake"])
def way(request: pytest.FixtureRequest, gateway: TextGateway) -> tuple[TextMessages, Last, Callable[[], None]]:
    """The adapter, what it sent last, and how to break it."""
    if request.param == "fake":
        fake = FakeTextMessages()
        return fake, lambda: fake.sent[-1], lambda: setattr(fake, "down", True)

    def last() -> tuple[str, str]:
        body = gateway.arrived[-1][1]
        return (body["to"], body["text"]) if request.param == "json" else (body["To"], body["Body"])

    template = Settings().sms_body if request.param == "json" else FORM
    return open_text_messages(gateway.url, None, template), last, lambda: setattr(gateway, "status", 500)


async def test_a_text_arrives_whole(way: tuple[TextMessages, Last, Callable[[], None]]) -> None:
    texts, last, _ = way
    assert texts.configured
    await texts.send(NUMBER, TEXT)
    assert last() == (NUMBER, TEXT)


async def test_a_refusal_is_told(way: tuple[TextMessages, Last, Callable[[], None]]) -> None:
    texts, _, break_it = way
    break_it()
    with pytest.raises(TextMessageFailed):
        await texts.send(NUMBER, TEXT)


async def test_without_a_gateway_it_is_off_and_says_so() -> None:
    off = open_text_messages(None, None, Settings().sms_body)
    assert not off.configured
    with pytest.raises(TextMessagesOff):
        await off.send(NUMBER, TEXT)


async def test_a_silent_gateway_is_told() -> None:
    with pytest.raises(TextMessageFailed):
        await open_text_messages("http://127.0.0.1:9/", None, Settings().sms_body).send(NUMBER, TEXT)


async def test_who_we_are_goes_along(gateway: TextGateway) -> None:
    await open_text_messages(gateway.url, "token", Settings().sms_body).send(NUMBER, TEXT)
    assert gateway.arrived[-1][0]["authorization"] == "Bearer token"
    basic = gateway.url.replace("http://", "http://me:secret@")
    await open_text_messages(basic, None, FORM).send(NUMBER, TEXT)
    expected = base64.b64encode(b"me:secret").decode()
    assert gateway.arrived[-1][0]["authorization"] == f"Basic {expected}"


async def test_the_body_may_be_as_deep_as_the_gateway_wants_it(gateway: TextGateway) -> None:
    body = '{"messages": [{"to": ["{number}"], "content": {"body": "A: {text}"}, "ttl": 600}]}'
    await open_text_messages(gateway.url, None, body).send(NUMBER, "x")
    wanted = {"messages": [{"to": [NUMBER], "content": {"body": "A: x"}, "ttl": 600}]}
    assert gateway.arrived[-1][1] == wanted


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=80))
async def test_any_text_is_carried(gateway: TextGateway, text: str) -> None:
    for body in (Settings().sms_body, FORM.replace("Body", "text").replace("To", "to")):
        await open_text_messages(gateway.url, None, body).send(NUMBER, text)
        assert gateway.arrived[-1][1]["text"] == text


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("ftp://x", '{"to": "{number}", "text": "{text}"}'),
        ("nonsense", '{"to": "{number}", "text": "{text}"}'),
        ("http://x", '{"to": "{number}"}'),
        ("http://x", '{"to": "{number}", "text": '),
        ("http://x", "To={number}"),
        ("http://x", "no form at all"),
    ],
)
def test_impossible_settings_are_refused_at_the_start(url: str, body: str) -> None:
    with pytest.raises(SettingsError):
        open_text_messages(url, None, body)
