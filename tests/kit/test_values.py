"""Small values: ids, money, pages, texts, secrets, versions."""

from __future__ import annotations

import contextlib
import unicodedata
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from antiphon.kit.errors import Invalid, NotFound
from antiphon.kit.ids import Kind, kind_of, new_uuid, out, parse
from antiphon.kit.money import CurrencyMismatch, Money
from antiphon.kit.paging import CountKey, PageRequest, TextKey, TimeKey, cut
from antiphon.kit.secrets import Secrets, token_digest
from antiphon.kit.text import clean, clean_lines, search_key
from antiphon.kit.versions import etag, expected_version

KINDS = st.sampled_from(list(Kind))
HEX = set("0123456789abcdef")


@given(kind=KINDS, value=st.uuids())
def test_ids_go_out_and_come_back(kind: Kind, value: UUID) -> None:
    text = out(kind, value)
    assert parse(kind, text) == value
    assert kind_of(text) is kind
    assert len(text) == 30
    assert text.isascii()
    assert not set(text[4:]) <= HEX, "an ending of hexadecimal digits alone is stripped by a client"


@given(one=st.uuids(), two=st.uuids())
def test_ids_sort_as_their_uuids(one: UUID, two: UUID) -> None:
    assert (one < two) == (out(Kind.TRACK, one) < out(Kind.TRACK, two))


@given(text=st.text(max_size=40), kind=KINDS)
def test_what_was_not_made_here_is_not_found(text: str, kind: Kind) -> None:
    for given_text in (text, f"{kind}_{text}"):
        try:
            value = parse(kind, given_text)
        except NotFound:
            continue
        assert out(kind, value) == given_text


def test_another_kind_of_id_is_not_found() -> None:
    with pytest.raises(NotFound):
        parse(Kind.ALBUM, out(Kind.TRACK, new_uuid()))
    assert kind_of("xyz_1") is None


def test_new_ids_are_version_7_and_follow_time() -> None:
    made = [new_uuid() for _ in range(200)]
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {"specified in RFC 4122"}
    assert len(set(made)) == 200
    stamps = [one.int >> 80 for one in made]
    assert stamps == sorted(stamps)


WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)


@given(amount=st.integers(-(10**12), 10**12), weights=WEIGHTS)
def test_parts_add_up_and_are_fair(amount: int, weights: list[int]) -> None:
    whole = Money(amount, "EUR")
    parts = whole.allocate(weights)
    assert sum((part.amount for part in parts), 0) == amount
    for part, weight in zip(parts, weights, strict=True):
        exact, total = abs(amount) * weight, sum(weights)
        assert exact // total <= abs(part.amount) <= -(-exact // total)
        assert part.amount * amount >= 0
    assert (-whole).allocate(weights) == [-part for part in parts]


def test_money_keeps_to_its_currency() -> None:
    assert Money(1, "EUR") + Money(2, "EUR") - Money(4, "EUR") == Money(-1, "EUR")
    for wrong in (lambda: Money(1, "EUR") + Money(1, "USD"), lambda: Money(1, "EUR") - Money(1, "USD")):
        with pytest.raises(CurrencyMismatch):
            wrong()
    for code in ("eur", "EU", "EURO", "€UR", ""):
        with pytest.raises(ValueError, match="ISO 4217"):
            Money(1, code)
    for weights in ([0, 0], [], [1, -1, 5]):
        with pytest.raises(ValueError):  # noqa: PT011
            Money(1, "EUR").allocate(weights)


@given(rows=st.lists(st.tuples(st.text(max_size=8), st.uuids()), unique=True), limit=st.integers(1, 7))
def test_pages_hold_every_row_once(rows: list[tuple[str, UUID]], limit: int) -> None:
    rows.sort()
    cursor, seen = None, []
    while True:
        request = PageRequest.of(cursor, limit)
        position = request.position(str)
        left = [row for row in rows if position is None or row > position]
        page = cut(left[: request.limit + 1], request, lambda row: (row[0], str(row[1])))
        seen += page.items
        cursor = page.next
        if cursor is None:
            break
    assert seen == rows


@given(cursor=st.one_of(st.text(max_size=60), st.binary(max_size=40).map(lambda b: b.hex())))
def test_no_cursor_is_more_than_refused(cursor: str) -> None:
    for kind in (TextKey, CountKey, TimeKey):
        with contextlib.suppress(Invalid):
            PageRequest.of(cursor, 10).position(kind)  # type: ignore[arg-type]


@given(text=st.text())
def test_clean_text_is_clean(text: str) -> None:
    for cleaned in (clean(text), clean_lines(text)):
        assert unicodedata.is_normalized("NFC", cleaned)
        assert not any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in cleaned)
        assert cleaned == cleaned.strip()
    assert clean(clean(text)) == clean(text)
    assert clean_lines(clean_lines(text)) == clean_lines(text)
    assert not set("\n\t\r") & set(clean(text))


def test_search_folds_case_and_accents_and_nothing_else() -> None:
    assert search_key("  Ünïcödé  \uff26\uff35\uff2c\uff2c ") == "unicode full"
    assert search_key("STRASSE") == search_key("Straße")
    assert search_key("東京") == "東京"


@given(plain=st.binary(max_size=200), purpose=st.text(min_size=1, max_size=10), at=st.integers(0, 10**6))
def test_what_is_sealed_opens_for_its_purpose_only(plain: bytes, purpose: str, at: int) -> None:
    secrets = Secrets(b"m" * 32)
    sealed = secrets.seal(purpose, plain)
    assert secrets.unseal(purpose, sealed) == plain
    assert plain not in sealed or len(plain) < 4
    bent = bytearray(sealed)
    bent[at % len(bent)] ^= 1
    for key, text in ((purpose + "x", sealed), (purpose, bytes(bent))):
        with pytest.raises(InvalidTag):
            secrets.unseal(key, text)


def test_the_master_key_is_made_once_and_kept_to_oneself(tmp_path: Path) -> None:
    first = Secrets.load(tmp_path, None)
    path = tmp_path / "secrets" / "master.key"
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert [entry.name for entry in path.parent.iterdir()] == ["master.key"]
    assert Secrets.load(tmp_path, None).key("a") == first.key("a") != first.key("b")
    assert Secrets.load(tmp_path, "bW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW0=").key("a") == Secrets(b"m" * 32).key(
        "a"
    )
    for wrong in ("short", "bQ=="):
        with pytest.raises(ValueError):  # noqa: PT011
            Secrets.load(tmp_path, wrong)
    assert len(first.signature("p", "m")) == 22
    assert len(token_digest("x")) == 32


@given(version=st.integers(0, 10**9 - 1))
def test_versions_go_out_and_come_back(version: int) -> None:
    assert expected_version(etag(version)["ETag"]) == version


def test_what_is_no_version_of_ours_is_refused() -> None:
    assert expected_version(None) is expected_version(" * ") is None
    for wrong in ("v1", '"1"', 'W/"v1"', '"v1", "v2"', '"v"', '"v-1"', '"v1234567890"', "", '"v\u0661"'):
        with pytest.raises(Invalid):
            expected_version(wrong)
