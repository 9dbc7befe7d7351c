"""Conditional requests of HTTP (RFC 9110, section 13) for one representation with a strong entity tag. Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from email.utils import formatdate
from functools import lru_cache
from typing import Final, Literal

__all__ = ["Verdict", "http_date", "judge", "parse_http_date", "range_applies"]

Verdict = Literal["send", "not_modified", "failed"]

_TAG: Final = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_TAG_LIST: Final = re.compile(rf"[ \t,]*{_TAG.pattern}(?:[ \t]*,[ \t,]*{_TAG.pattern})*[ \t,]*")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATES: Final = (
    re.compile(r"[A-Z][a-z]{2}, (?P<d>\d\d) (?P<m>[A-Z][a-z]{2}) (?P<y>\d{4}) (?P<t>\d\d:\d\d:\d\d) GMT", re.ASCII),
    re.compile(r"[A-Z][a-z]{5,8}, (?P<d>\d\d)-(?P<m>[A-Z][a-z]{2})-(?P<y>\d\d) (?P<t>\d\d:\d\d:\d\d) GMT", re.ASCII),
    re.compile(r"[A-Z][a-z]{2} (?P<m>[A-Z][a-z]{2}) (?P<d>[ \d]\d) (?P<t>\d\d:\d\d:\d\d) (?P<y>\d{4})", re.ASCII),
)


def http_date(timestamp: float) -> str:
    """Seconds since 1970 as `Sun, 06 Nov 1994 08:49:37 GMT`; fractions are cut."""
    return _date_of(int(timestamp))


@lru_cache(4096)
def _date_of(timestamp: int) -> str:
    return formatdate(timestamp, usegmt=True)


def parse_http_date(text: str, *, now: float) -> int | None:
    """Seconds since 1970 of any of the three forms that RFC 9110 knows; None for anything else.

    Two-digit years more than 50 years ahead of `now` lie in the past.
    """
    match = next(filter(None, (form.fullmatch(text.strip(" \t")) for form in _DATES)), None)
    if match is None or match["m"] not in _MONTHS:
        return None
    year, day = int(match["y"]), int(match["d"])
    hour, minute, second = (int(part) for part in match["t"].split(":"))
    if not (1 <= day <= 31 and hour <= 23 and minute <= 59 and second <= 60):
        return None

    def moment(in_year: int) -> int:
        return calendar.timegm((in_year, _MONTHS.index(match["m"]) + 1, day, hour, minute, second))

    if len(match["y"]) == 2:
        year += 100 * ((int(now) // 31_556_952 + 1970) // 100)
        if moment(year) > now + 50 * 31_556_952:
            year -= 100
    return moment(year)


def judge(headers: Mapping[str, str], *, etag: str, last_modified: float | None, now: float) -> Verdict:
    """Evaluate the preconditions of a GET or HEAD in the order of section 13.2.2.

    `headers` have lower-case names; `etag` is without quotes. Malformed conditions: `If-Match` fails, the others are as
    if they were not there.
    """
    modified = None if last_modified is None else int(last_modified)
    if (if_match := headers.get("if-match")) is not None:
        if not _matches(if_match, etag, weak=False):
            return "failed"
    elif (
        modified is not None and (since := _date(headers, "if-unmodified-since", now)) is not None and modified > since
    ):
        return "failed"
    if (if_none_match := headers.get("if-none-match")) is not None:
        if _matches(if_none_match, etag, weak=True):
            return "not_modified"
    elif modified is not None and (since := _date(headers, "if-modified-since", now)) is not None and modified <= since:
        return "not_modified"
    return "send"


def range_applies(headers: Mapping[str, str], *, etag: str, last_modified: float | None, now: float) -> bool:
    """Whether `If-Range` lets `Range` count: our tag and strong, or exactly our date and more than a second old."""
    condition = headers.get("if-range")
    if condition is None:
        return True
    match = _TAG.fullmatch(condition.strip(" \t"))
    if match is not None:
        return not match[1] and match[2] == etag
    date = parse_http_date(condition, now=now)
    return date is not None and last_modified is not None and date == int(last_modified) and date < now - 1


def _matches(condition: str, etag: str, *, weak: bool) -> bool:
    if condition.strip(" \t") == "*":
        return True
    if _TAG_LIST.fullmatch(condition) is None:
        return False
    return any(match[2] == etag and (weak or not match[1]) for match in _TAG.finditer(condition))


def _date(headers: Mapping[str, str], name: str, now: float) -> int | None:
    text = headers.get(name)
    return None if text is None else parse_http_date(text, now=now)
