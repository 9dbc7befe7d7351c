"""The terms that EIP-4361 borrows: URIs (RFC 3986), times (RFC 3339), checksummed addresses (EIP-55). No I/O.

Each `…_end(text, at)` reads one term of the grammar from `at` and says where it ends; everything is looked at a
bounded number of times (possessive repetition, no nesting), so reading takes time in proportion to the text.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import AddressValueError, IPv6Address

from eth_hash.auto import keccak

__all__ = [
    "Origin",
    "SiweSyntaxError",
    "authority_end",
    "checksum_address",
    "date_time_end",
    "origin_of",
    "read_time",
    "uri_end",
]

_UNRESERVED = r"A-Za-z0-9\-._~"
_SUB_DELIMS = r"!$&'()*+,;="
_PCT = r"%[0-9A-Fa-f]{2}"

PCHARS = re.compile(rf"(?:[{_UNRESERVED}{_SUB_DELIMS}:@]|{_PCT})*+")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+\-.]*+")
_PATH = re.compile(rf"(?:[{_UNRESERVED}{_SUB_DELIMS}:@/]|{_PCT})*+")
_QUERY = re.compile(rf"(?:[{_UNRESERVED}{_SUB_DELIMS}:@/?]|{_PCT})*+")
_USERINFO_AT = re.compile(rf"(?:[{_UNRESERVED}{_SUB_DELIMS}:]|{_PCT})*+@")
_REG_NAME = re.compile(rf"(?:[{_UNRESERVED}{_SUB_DELIMS}]|{_PCT})*+")
_PORT = re.compile(r":[0-9]*+")
_BRACKETED = re.compile(r"\[([^\[\]\n]*+)\]")
_IPV_FUTURE = re.compile(rf"[vV][0-9A-Fa-f]++\.[{_UNRESERVED}{_SUB_DELIMS}:]++")
_IPV6_LETTERS = re.compile(r"[0-9A-Fa-f:.]++")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]++))?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int | None]


class SiweSyntaxError(ValueError):
    """`expected` says what should stand at `position`, counted in characters from 0."""

    def __init__(self, position: int, expected: str) -> None:
        self.position = position
        self.expected = expected
        super().__init__(f"expected {expected} at character {position}")


def uri_end(text: str, at: int) -> int:
    """`URI` of RFC 3986, which begins with its scheme. Raises SiweSyntaxError."""
    scheme = SCHEME.match(text, at)
    if scheme is None:
        raise SiweSyntaxError(at, "a URI that begins with its scheme")
    end = scheme.end()
    if not text.startswith(":", end):
        raise SiweSyntaxError(end, "“:” after the scheme of a URI")
    end += 1
    if text.startswith("//", end):
        end = authority_end(text, end + 2)
        if not text.startswith("/", end):
            return _after_path(text, end)
    return _after_path(text, _PATH.match(text, end).end())  # type: ignore[union-attr]  # it matches the empty text


def _after_path(text: str, at: int) -> int:
    for mark in ("?", "#"):
        if text.startswith(mark, at):
            at = _QUERY.match(text, at + 1).end()  # type: ignore[union-attr]  # it matches the empty text
    return at


def authority_end(text: str, at: int) -> int:
    """`authority` of RFC 3986; its host may be empty, as in `file:///`. Raises SiweSyntaxError."""
    userinfo = _USERINFO_AT.match(text, at)
    at = userinfo.end() if userinfo else at
    if text.startswith("[", at):
        bracketed = _BRACKETED.match(text, at)
        if bracketed is None or not _is_ip_literal(bracketed[1]):
            raise SiweSyntaxError(at, "an IP address in brackets")
        at = bracketed.end()
    else:
        at = _REG_NAME.match(text, at).end()  # type: ignore[union-attr]  # it matches the empty text
    port = _PORT.match(text, at)
    return port.end() if port else at


def _is_ip_literal(text: str) -> bool:
    if _IPV_FUTURE.fullmatch(text):
        return True
    if not _IPV6_LETTERS.fullmatch(text):  # the library would take a zone, which the RFC does not
        return False
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


def origin_of(scheme: str, authority: str) -> Origin | None:
    """What two spellings of one origin share: scheme and host in lower case, the port that is meant. `authority` is
    one by the grammar; None where it names a user, or no port that can be.
    """
    scheme = scheme.lower()
    userinfo, at, host_port = authority.rpartition("@")
    ending = re.search(r":([0-9]*)$", host_port)
    host, digits = (host_port[: ending.start()], ending[1]) if ending else (host_port, "")
    if at or userinfo or len(digits) > 5:
        return None
    return scheme, host.lower(), int(digits) if digits else _DEFAULT_PORTS.get(scheme)


def date_time_end(text: str, at: int) -> int:
    """`date-time` of RFC 3339 that is on the calendar. Raises SiweSyntaxError."""
    found = _TIME.match(text, at)
    if found is None:
        raise SiweSyntaxError(at, "a time such as 2026-11-25T16:00:00Z")
    try:
        read_time(found[0])
    except ValueError as error:
        raise SiweSyntaxError(at, "a time that is on the calendar") from error
    return found.end()


def read_time(text: str) -> datetime:
    """The moment, in UTC; what is finer than a microsecond is cut off. Raises ValueError."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError("not a time of RFC 3339")
    year, month, day, hour, minute, second = (int(part) for part in found.group(1, 2, 3, 4, 5, 6))
    offset_hours, offset_minutes = int(found[9] or 0), int(found[10] or 0)
    if offset_hours > 23 or offset_minutes > 59:
        raise ValueError("no offset from UTC")
    offset = timedelta(hours=offset_hours, minutes=offset_minutes) * (-1 if found[8] == "-" else 1)
    leap = second == 60
    micros = int((found[7] or "0")[:6].ljust(6, "0"))
    local = datetime(year, month, day, hour, minute, 59 if leap else second, micros, timezone(offset))
    try:
        moment = local.astimezone(UTC)
        return _after_leap_second(moment) if leap else moment
    except OverflowError as error:
        raise ValueError("outside the calendar") from error


def _after_leap_second(moment: datetime) -> datetime:
    """A leap second is put in at the end of a month, UTC; our clock counts it as the second that follows."""
    last_day = calendar.monthrange(moment.year, moment.month)[1]
    if (moment.day, moment.hour, moment.minute) != (last_day, 23, 59):
        raise ValueError("no leap second at this time")
    return moment + timedelta(seconds=1)


def checksum_address(address: str) -> str:
    """`0x` and 40 hexadecimal digits, in the capitals of EIP-55."""
    digits = address[2:].lower()
    digest = keccak(digits.encode("ascii")).hex()
    return "0x" + "".join(
        letter.upper() if int(weight, 16) > 7 else letter for letter, weight in zip(digits, digest, strict=False)
    )
