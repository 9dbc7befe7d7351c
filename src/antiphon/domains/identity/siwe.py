"""Sign-In with Ethereum (EIP-4361): the message that a wallet signs, by the grammar of the EIP. No I/O.

`parse` and `format` are each other's inverse to the letter: a message holds what is written, and properties read it.
`judge` says whether a message is the one we asked for, now.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from antiphon.domains.identity.siwe_terms import (
    PCHARS,
    SCHEME,
    Origin,
    SiweSyntaxError,
    authority_end,
    checksum_address,
    date_time_end,
    origin_of,
    read_time,
    uri_end,
)

__all__ = ["CLOCKS_DIFFER_BY", "Expected", "SiweMessage", "SiweSyntaxError", "Verdict", "format", "judge", "parse"]

CLOCKS_DIFFER_BY = timedelta(minutes=1)  # between us and the device that wrote the message

_WANTS = " wants you to sign in with your Ethereum account:\n"
_NO_HOST = re.compile(r"(?:^|@)(?::[0-9]*)?$")
_ADDRESS = re.compile(r"0x[0-9A-Fa-f]{40}")
_STATEMENT = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;= ]*+")
_DIGITS = re.compile(r"[0-9]++")
_NONCE = re.compile(r"[A-Za-z0-9]{8,}+")


class SiweMessage(msgspec.Struct, frozen=True, kw_only=True):
    """The fields as they are written. None is a line that is not there; a line may also be there and empty."""

    domain: str
    address: str
    uri: str
    chain_id: str
    nonce: str
    issued_at: str
    version: str = "1"
    scheme: str | None = None
    statement: str | None = None
    expiration_time: str | None = None
    not_before: str | None = None
    request_id: str | None = None
    resources: tuple[str, ...] | None = None


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What we asked to be signed. `site` is our origin, such as `https://music.example`."""

    site: str
    chains: frozenset[int]
    nonce: str
    statement: str


class Verdict(StrEnum):
    """`good`, or the first thing that is not as it should be."""

    GOOD = "good"
    VERSION = "version"
    DOMAIN = "domain"
    URI = "uri"
    CHAIN = "chain"
    NONCE = "nonce"
    STATEMENT = "statement"
    RESOURCES = "resources"
    ISSUED_IN_FUTURE = "issued_in_future"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"


def parse(text: str) -> SiweMessage:
    """Raises SiweSyntaxError, and nothing else, for every text that is no message.

    Stricter than the grammar in what the EIP says beside it: the host is not empty, the address is written with its
    checksum, times are on the calendar.
    """
    read = _Reader(text)
    scheme = read.scheme()
    domain = read.domain()
    address = read.address()
    statement = read.statement()
    read.literal("URI: ")
    uri = read.until(uri_end(text, read.at))
    read.literal("\nVersion: ")
    version = read.literal("1")
    read.literal("\nChain ID: ")
    chain_id = read.term(_DIGITS, "the number of a chain")
    read.literal("\nNonce: ")
    nonce = read.term(_NONCE, "a nonce of at least 8 letters and digits")
    read.literal("\nIssued At: ")
    issued_at = read.until(date_time_end(text, read.at))
    message = SiweMessage(
        scheme=scheme,
        domain=domain,
        address=address,
        statement=statement,
        uri=uri,
        version=version,
        chain_id=chain_id,
        nonce=nonce,
        issued_at=issued_at,
        expiration_time=read.time_after("\nExpiration Time: "),
        not_before=read.time_after("\nNot Before: "),
        request_id=read.request_id(),
        resources=read.resources(),
    )
    read.end()
    return message


def format(message: SiweMessage) -> str:  # noqa: A001 — the other half of `parse`
    """The text that is signed. Raises ValueError where the fields would make another message or none."""
    m = message
    parts = [f"{m.scheme}://" if m.scheme is not None else "", m.domain, _WANTS, m.address, "\n\n"]
    parts += [f"{m.statement}\n" if m.statement is not None else "", "\nURI: ", m.uri, "\nVersion: ", m.version]
    parts += ["\nChain ID: ", m.chain_id, "\nNonce: ", m.nonce, "\nIssued At: ", m.issued_at]
    for name, value in (
        ("Expiration Time", m.expiration_time),
        ("Not Before", m.not_before),
        ("Request ID", m.request_id),
    ):
        parts += [f"\n{name}: {value}"] if value is not None else []
    if m.resources is not None:
        parts += ["\nResources:", *(f"\n- {resource}" for resource in m.resources)]
    text = "".join(parts)
    if parse(text) != message:
        raise ValueError("a field holds what belongs to another")
    return text


def judge(message: SiweMessage, expected: Expected, now: datetime) -> Verdict:
    """Whether the message says what we asked for, and holds now. Who signed it is another question."""
    scheme, _, authority = expected.site.partition("://")
    ours = origin_of(scheme, authority)
    wrong = {
        Verdict.VERSION: message.version != "1",
        Verdict.DOMAIN: origin_of(message.scheme or scheme, message.domain) != ours,
        Verdict.URI: _origin_of_uri(message.uri) != ours,
        Verdict.CHAIN: _chain(message) not in expected.chains,
        Verdict.NONCE: message.nonce != expected.nonce,
        Verdict.STATEMENT: message.statement != expected.statement,
        Verdict.RESOURCES: bool(message.resources),
        Verdict.ISSUED_IN_FUTURE: read_time(message.issued_at) > now + CLOCKS_DIFFER_BY,
        Verdict.EXPIRED: message.expiration_time is not None and read_time(message.expiration_time) <= now,
        Verdict.NOT_YET_VALID: message.not_before is not None and read_time(message.not_before) > now,
    }
    return next((verdict for verdict, is_wrong in wrong.items() if is_wrong), Verdict.GOOD)


def _origin_of_uri(uri: str) -> Origin | None:
    scheme, _, rest = uri.partition(":")
    if not rest.startswith("//"):
        return None
    return origin_of(scheme, re.split(r"[/?#]", rest[2:], maxsplit=1)[0])


def _chain(message: SiweMessage) -> int | None:
    """None for numbers longer than any chain has (EIP-2294)."""
    return int(message.chain_id) if len(message.chain_id) <= 78 else None


class _Reader:
    """Reads a message from its beginning; `at` is where it has got to. Everything raises SiweSyntaxError."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    def literal(self, wanted: str) -> str:
        if not self._text.startswith(wanted, self.at):
            given = self._text[self.at : self.at + len(wanted)]
            same = next(
                (i for i, pair in enumerate(zip(given, wanted, strict=False)) if pair[0] != pair[1]), len(given)
            )
            missing = wanted[same:].partition("\n")[0]
            raise SiweSyntaxError(self.at + same, f"“{missing}”" if missing else "the end of the line")
        self.at += len(wanted)
        return wanted

    def until(self, end: int) -> str:
        start, self.at = self.at, end
        return self._text[start:end]

    def term(self, pattern: re.Pattern[str], expected: str) -> str:
        found = pattern.match(self._text, self.at)
        if found is None:
            raise SiweSyntaxError(self.at, expected)
        return self.until(found.end())

    def scheme(self) -> str | None:
        found = SCHEME.match(self._text)
        if found is None or not self._text.startswith("://", found.end()):
            return None
        self.at = found.end() + len("://")
        return found[0]

    def domain(self) -> str:
        start, end = self.at, authority_end(self._text, self.at)
        domain = self.until(end)
        if _NO_HOST.search(domain):
            raise SiweSyntaxError(start, "the name of a host")
        self.literal(_WANTS)
        return domain

    def address(self) -> str:
        start, found = self.at, _ADDRESS.match(self._text, self.at)
        if found is None:
            raise SiweSyntaxError(start, "an address of 0x and 40 hexadecimal digits")
        if checksum_address(found[0]) != found[0]:
            raise SiweSyntaxError(start, "an address in the capitals of its checksum (EIP-55)")
        self.at = found.end()
        self.literal("\n\n")
        return found[0]

    def statement(self) -> str | None:
        statement = self.term(_STATEMENT, "a statement")
        if not statement and not self._text.startswith("\n\n", self.at):
            self.literal("\n")
            return None
        self.literal("\n\n")
        return statement

    def time_after(self, name: str) -> str | None:
        if not self._text.startswith(name, self.at):
            return None
        self.literal(name)
        return self.until(date_time_end(self._text, self.at))

    def request_id(self) -> str | None:
        if not self._text.startswith("\nRequest ID: ", self.at):
            return None
        self.literal("\nRequest ID: ")
        return self.term(PCHARS, "letters of a path")

    def resources(self) -> tuple[str, ...] | None:
        if not self._text.startswith("\nResources:", self.at):
            return None
        self.literal("\nResources:")
        found: list[str] = []
        while self._text.startswith("\n- ", self.at):
            self.literal("\n- ")
            found.append(self.until(uri_end(self._text, self.at)))
        return tuple(found)

    def end(self) -> None:
        if self.at != len(self._text):
            raise SiweSyntaxError(self.at, "the end of the message or a line that may stand here")
