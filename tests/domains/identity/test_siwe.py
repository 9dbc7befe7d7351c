"""The message of EIP-4361: read, written, and held against the grammar of the EIP itself."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import thread_time
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.identity import siwe
from antiphon.domains.identity.siwe import Expected, SiweMessage, SiweSyntaxError, Verdict, judge
from antiphon.domains.identity.siwe_terms import checksum_address, read_time
from tests.support.abnf import Grammar

HERE = Path(__file__).parent
VECTORS = json.loads((HERE / "siwe_vectors.json").read_text(encoding="utf-8"))
GRAMMAR = Grammar((HERE / "siwe.abnf").read_text(encoding="utf-8"))
BEYOND_THE_GRAMMAR = ("the name of a host", "EIP-55", "an address of 0x", "on the calendar")
NOW = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)


def named(vectors: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(vector, id=vector["name"]) for vector in vectors]


def of_grammar(rule: str) -> st.SearchStrategy[str]:
    """Short texts that the rule derives, and that we take too."""
    return {
        "scheme": st.from_regex(r"[A-Za-z][A-Za-z0-9+\-.]{0,8}", fullmatch=True),
        "domain": st.from_regex(
            r"(([a-z0-9:%]|%4A){0,4}@)?(\[::1\]|\[v1\.a:b\]|([A-Za-z0-9\-._~!$&'()*+,;=]|%C3){1,12})(:[0-9]{0,6})?",
            fullmatch=True,
        ).filter(lambda text: re.search(r"%(?![0-9A-F]{2})", text) is None),
        "uri": st.from_regex(
            r"[a-z][a-z0-9+.\-]{0,6}:((//([a-z0-9.]{0,9}(:[0-9]{0,4})?)(/[a-z:@;%]{0,3}){0,3})|([a-z@][a-z/:@]{0,6})?)"
            r"(\?[a-z/?=]{0,6})?(\#[a-z/?]{0,6})?",
            fullmatch=True,
        ).filter(lambda text: "%" not in text),
        "statement": st.text("Az09-._~:/?#[]@!$&'()*+,;= ", max_size=40),
        "chain-id": st.from_regex(r"[0-9]{1,20}", fullmatch=True),
        "nonce": st.from_regex(r"[A-Za-z0-9]{8,40}", fullmatch=True),
        "request-id": st.text("Az09-._~!$&'()*+,;=:@", max_size=12),
    }[rule]


TIMES = st.builds(
    lambda moment, fraction, zone: f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}{zone}",
    st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30)),  # noqa: DTZ001 — the offset is put behind
    st.sampled_from(["", ".0", ".123", ".999999999"]),
    st.sampled_from(["Z", "z", "+00:00", "-00:00", "+05:30", "-11:00"]),
)
MESSAGES = st.builds(
    SiweMessage,
    scheme=st.none() | of_grammar("scheme"),
    domain=of_grammar("domain"),
    address=st.binary(min_size=20, max_size=20).map(lambda raw: checksum_address(f"0x{raw.hex()}")),
    statement=st.none() | of_grammar("statement"),
    uri=of_grammar("uri"),
    chain_id=of_grammar("chain-id"),
    nonce=of_grammar("nonce"),
    issued_at=TIMES,
    expiration_time=st.none() | TIMES,
    not_before=st.none() | TIMES,
    request_id=st.none() | of_grammar("request-id"),
    resources=st.none() | st.lists(of_grammar("uri"), max_size=3).map(tuple),
)


def read(text: str) -> SiweMessage | SiweSyntaxError:
    """Any other error is let through, and fails the test."""
    try:
        return siwe.parse(text)
    except SiweSyntaxError as error:
        return error


@pytest.mark.parametrize("vector", named(VECTORS["good"]))
def test_good_vectors_are_read_and_written_back_to_the_letter(vector: dict[str, Any]) -> None:
    text = "\n".join(vector["lines"])
    message = siwe.parse(text)
    found = msgspec.json.decode(msgspec.json.encode(message))
    assert {name: found[name] for name in vector["fields"]} == vector["fields"]
    assert siwe.format(message) == text
    assert GRAMMAR.derives("sign-in-with-ethereum", text)


@pytest.mark.parametrize("vector", named(VECTORS["bad"]))
def test_bad_vectors_are_refused_at_the_place_that_is_wrong(vector: dict[str, Any]) -> None:
    text = "\n".join(vector["lines"])
    with pytest.raises(SiweSyntaxError) as refusal:
        siwe.parse(text)
    before = text[: refusal.value.position]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert (line, column) == (vector["line"], vector["column"]), refusal.value
    assert vector["expected"] in refusal.value.expected
    ours_alone = any(reason in vector["expected"] for reason in BEYOND_THE_GRAMMAR)
    assert ours_alone or not GRAMMAR.derives("sign-in-with-ethereum", text)


def test_the_examples_of_the_eip_are_read() -> None:
    for scheme, port in ((None, ""), (None, ":3388"), ("https", "")):
        text = (
            f"{f'{scheme}://' if scheme else ''}example.com{port} wants you to sign in with your Ethereum account:\n"
            "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2\n\n"
            "I accept the ExampleOrg Terms of Service: https://example.com/tos\n\n"
            "URI: https://example.com/login\nVersion: 1\nChain ID: 1\nNonce: 32891756\n"
            "Issued At: 2021-09-30T16:25:24Z\nResources:\n"
            "- ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/\n"
            "- https://example.com/my-web2-claim.json"
        )
        message = siwe.parse(text)
        assert (message.scheme, message.domain, len(message.resources or ())) == (scheme, f"example.com{port}", 2)
        assert siwe.format(message) == text


@given(MESSAGES)
def test_what_is_written_is_read_as_it_was(message: SiweMessage) -> None:
    text = siwe.format(message)
    assert siwe.parse(text) == message
    assert siwe.format(siwe.parse(text)) == text


@given(MESSAGES, st.data())
def test_one_changed_letter_is_refused_or_read_as_what_it_says(message: SiweMessage, data: st.DataObject) -> None:
    """A changed text never passes for the message that it was before."""
    text = siwe.format(message)
    at = data.draw(st.integers(0, len(text)))
    letter = data.draw(st.characters() | st.sampled_from("\n\r :/%-0aA"))
    cut = data.draw(st.integers(0, 2))
    changed = text[:at] + data.draw(st.sampled_from(["", letter])) + text[at + cut :]
    found = read(changed)
    if isinstance(found, SiweMessage):
        assert siwe.format(found) == changed
        assert (found == message) == (changed == text)


@given(MESSAGES, st.data())
def test_the_grammar_and_the_parser_agree_on_changed_messages(message: SiweMessage, data: st.DataObject) -> None:
    """What we refuse and the grammar takes is refused for a reason that the EIP gives in words."""
    lines = siwe.format(message).split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    change = data.draw(st.sampled_from(["keep", "drop", "double", "swap", "letter"]))
    if change == "drop":
        del lines[at]
    elif change == "double":
        lines.insert(at, lines[at])
    elif change == "swap":
        other = data.draw(st.integers(0, len(lines) - 1))
        lines[at], lines[other] = lines[other], lines[at]
    elif change == "letter":
        column = data.draw(st.integers(0, len(lines[at])))
        letter = data.draw(st.sampled_from('\n aZ0%:/?#[]@-.+"é'))
        lines[at] = lines[at][:column] + letter + lines[at][column + data.draw(st.integers(0, 1)) :]
    text = "\n".join(lines)
    found, derived = read(text), GRAMMAR.derives("sign-in-with-ethereum", text)
    if isinstance(found, SiweMessage):
        assert derived
    elif derived:
        assert any(reason in found.expected for reason in BEYOND_THE_GRAMMAR), found


@given(st.text() | st.text("\n :/@[]%-.0Tt+Z") | st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_arbitrary_text_is_refused_with_a_place_and_never_breaks_anything(text: str) -> None:
    whole = siwe.parse("\n".join(VECTORS["good"][1]["lines"]))
    for tried in (text, siwe.format(whole) + text, text + siwe.format(whole)):
        found = read(tried)
        if isinstance(found, SiweSyntaxError):
            assert 0 <= found.position <= len(tried)
            assert found.expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("statement", "Yes.\n\nURI: https://evil.example/"),
        ("statement", "\n"),
        ("domain", "music.example wants you"),
        ("scheme", ""),
        ("uri", "https://music.example/\nVersion: 1"),
        ("nonce", "short"),
        ("request_id", "a\nResources:"),
        ("resources", ("https://a.example/\n- https://b.example/",)),
        ("issued_at", "2026-11-25T16:00:00Z\nNot Before: 2026-11-25T16:00:00Z"),
        ("address", "0x" + "a" * 40),
        ("version", "2"),
    ],
)
def test_a_field_cannot_smuggle_another_in(field: str, value: object) -> None:
    message = siwe.parse("\n".join(VECTORS["good"][0]["lines"]))
    with pytest.raises(ValueError, match=r"expected|belongs"):
        siwe.format(msgspec.structs.replace(message, **{field: value}))


HEAD, FOOT = ("\n".join(part) for part in (VECTORS["good"][1]["lines"][:3], VECTORS["good"][1]["lines"][5:]))


@pytest.mark.parametrize(
    "long",
    [
        lambda n: "a" * n,
        lambda n: "a%4" * n,
        lambda n: "[" * n,
        lambda n: "a:" * n,
        lambda n: "@" * n,
        lambda n: f"{HEAD}\n{'a ' * n}\n\n{FOOT}",
        lambda n: f"{HEAD}\n{' ' * n}\n{FOOT}",
        lambda n: f"{HEAD}\nx\n\nURI: a:{'/' * n}#{'?' * n}#",
        lambda n: f"{HEAD}\nx\n\n{FOOT}" + "\n- a:" * n,
        lambda n: f"{HEAD}\nx\n\nURI: a:b\nVersion: 1\nChain ID: {'1' * n}\nNonce: {'a' * n}\nIssued At: {'0' * n}",
    ],
)
def test_time_grows_no_faster_than_the_text(long: Any) -> None:
    """Eight times the text may take eight times as long; a parser that looks back again takes 64 times."""

    def spent(texts: str) -> float:
        started = thread_time()
        read(texts)
        return thread_time() - started

    # The least of some: a collection of garbage, or whoever else uses the processor's cache, is no part of the parser.
    small, large = [min(spent(long(size)) for _ in range(5)) for size in (20_000, 160_000)]
    assert large < 0.02 + 24 * small


def test_checksums_are_those_of_eip_55() -> None:
    for address in (
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ):
        assert checksum_address(address.lower()) == checksum_address("0x" + address[2:].upper()) == address


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-25T16:00:00Z", NOW),
        ("2026-11-25t17:30:00.000000999+01:30", NOW),
        ("2026-11-25T15:59:59.5Z", NOW - timedelta(seconds=0.5)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2016-12-31T18:59:60.25-05:00", datetime(2017, 1, 1, 0, 0, 0, 250_000, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_the_moment_they_name(text: str, moment: datetime) -> None:
    assert read_time(text) == moment


EXPECTED = Expected(site="https://music.example", chains=frozenset({1, 8453}), nonce="k7Qw2pZ9", statement="Sign in.")
ASKED = SiweMessage(
    domain="music.example",
    address="0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    uri="https://music.example/sign-in",
    chain_id="1",
    nonce="k7Qw2pZ9",
    statement="Sign in.",
    issued_at="2026-11-25T16:00:00Z",
)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"scheme": "https"},
        {"scheme": "HTTPS"},
        {"domain": "MUSIC.example"},
        {"domain": "music.example:443"},
        {"domain": "music.example:"},
        {"uri": "https://music.example"},
        {"uri": "HTTPS://Music.example:443/a?b#c"},
        {"chain_id": "8453"},
        {"chain_id": "01"},
        {"issued_at": "2026-11-25T16:01:00Z"},
        {"issued_at": "2020-01-01T00:00:00Z"},
        {"expiration_time": "2026-11-25T16:00:00.000001Z"},
        {"not_before": "2026-11-25T16:00:00Z"},
        {"request_id": "anything"},
        {"resources": ()},
    ],
    ids=str,
)
def test_what_we_asked_for_is_good_in_every_spelling(changes: dict[str, Any]) -> None:
    assert judge(msgspec.structs.replace(ASKED, **changes), EXPECTED, NOW) is Verdict.GOOD


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"version": "2"}, Verdict.VERSION),
        ({"domain": "evil.example"}, Verdict.DOMAIN),
        ({"domain": "music.example.evil.example"}, Verdict.DOMAIN),
        ({"domain": "evil.example@music.example"}, Verdict.DOMAIN),
        ({"domain": "music.example@evil.example"}, Verdict.DOMAIN),
        ({"domain": "music.example:8443"}, Verdict.DOMAIN),
        ({"domain": "music.example:999999"}, Verdict.DOMAIN),
        ({"domain": "xmusic.example"}, Verdict.DOMAIN),
        ({"domain": "music.example."}, Verdict.DOMAIN),
        ({"domain": "music%2Eexample"}, Verdict.DOMAIN),
        ({"scheme": "http"}, Verdict.DOMAIN),
        ({"uri": "http://music.example/sign-in"}, Verdict.URI),
        ({"uri": "https://evil.example/?https://music.example"}, Verdict.URI),
        ({"uri": "https://music.example@evil.example/"}, Verdict.URI),
        ({"uri": "https://music.example:8443/"}, Verdict.URI),
        ({"uri": "https:music.example"}, Verdict.URI),
        ({"uri": "urn:music.example"}, Verdict.URI),
        ({"chain_id": "5"}, Verdict.CHAIN),
        ({"chain_id": "0"}, Verdict.CHAIN),
        ({"chain_id": "1" * 6000}, Verdict.CHAIN),
        ({"nonce": "k7Qw2pZ8"}, Verdict.NONCE),
        ({"nonce": "K7Qw2pZ9"}, Verdict.NONCE),
        ({"statement": "Sign in"}, Verdict.STATEMENT),
        ({"statement": None}, Verdict.STATEMENT),
        ({"resources": ("https://music.example/everything",)}, Verdict.RESOURCES),
        ({"issued_at": "2026-11-25T16:01:00.000001Z"}, Verdict.ISSUED_IN_FUTURE),
        ({"expiration_time": "2026-11-25T16:00:00Z"}, Verdict.EXPIRED),
        ({"expiration_time": "2026-11-25T16:30:00+01:00"}, Verdict.EXPIRED),
        ({"not_before": "2026-11-25T16:00:00.000001Z"}, Verdict.NOT_YET_VALID),
    ],
    ids=str,
)
def test_every_other_message_is_refused_by_the_first_thing_wrong(changes: dict[str, Any], verdict: Verdict) -> None:
    assert judge(msgspec.structs.replace(ASKED, **changes), EXPECTED, NOW) is verdict


def test_a_site_on_plain_http_takes_a_domain_without_its_scheme() -> None:
    local = msgspec.structs.replace(EXPECTED, site="http://localhost:8420")
    asked = msgspec.structs.replace(ASKED, domain="localhost:8420", uri="http://localhost:8420/sign-in")
    assert judge(asked, local, NOW) is Verdict.GOOD
    assert judge(msgspec.structs.replace(asked, scheme="https"), local, NOW) is Verdict.DOMAIN


@given(MESSAGES)
def test_no_message_that_can_be_written_breaks_the_judge(message: SiweMessage) -> None:
    assert judge(message, EXPECTED, NOW) in Verdict


def test_verdicts_stand_in_the_order_in_which_they_are_asked() -> None:
    """A message that is wrong in two ways is refused for the first of them, always."""
    wrong = [
        ({"domain": "evil.example"}, Verdict.DOMAIN),
        ({"chain_id": "5"}, Verdict.CHAIN),
        ({"nonce": "x" * 8}, Verdict.NONCE),
    ]
    for (first, verdict), (second, _) in pairwise(wrong):
        assert judge(msgspec.structs.replace(ASKED, **first, **second), EXPECTED, NOW) is verdict
