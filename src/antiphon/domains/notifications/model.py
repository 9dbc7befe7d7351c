"""Rules of letters: who is greeted by name, how values are shown; no I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from babel.dates import format_date, format_time, get_datetime_format
from babel.numbers import format_decimal

from antiphon.domains.notifications.wording import CHANGES
from antiphon.kit.text import clean

__all__ = ["RIGHT_TO_LEFT", "Letterhead", "Value", "device_name", "harmless_name", "message_id", "values_of"]

RIGHT_TO_LEFT = frozenset({"ar", "he"})
_MEBIBYTE = 1024**2
# What mail programs turn into a link by themselves, full-width dots included.
_LINKABLE = re.compile(r"://|@|\w[.\u3002\uff0e\uff61][^\W\d_]{2,}")
_PROGRAM = re.compile(r"[A-Za-z][A-Za-z0-9_-]{1,39}(?=/|$)")
# The first sign that is there decides: browsers name the ones they descend from too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


class Letterhead(msgspec.Struct, frozen=True, kw_only=True):
    """Whose letters these are. `contact` is the address that answers questions, if any does."""

    site_url: str
    contact: str | None = None

    @property
    def site(self) -> str:
        return urlsplit(self.site_url).netloc


class Value(msgspec.Struct, frozen=True):
    """Text for a placeholder: a sentence of ours still to be translated, something `local` in the language already,
    a name that somebody chose, or an address, which runs from left to right in every language."""

    text: str
    kind: Literal["sentence", "local", "name", "address"]


def values_of(data: Mapping[str, str], letterhead: Letterhead, language: str, *, name: str = "") -> dict[str, Value]:
    """What the placeholders of a letter become. Whatever is missing, malformed or looks like a link is left out:
    a stranger must not be able to have us carry their advertisement to somebody's mailbox."""
    found = {"site": Value(letterhead.site, "address")}
    if letterhead.contact:
        found["contact"] = Value(letterhead.contact, "address")
    if shown := device_name(data.get("device", "")):
        found["device"] = Value(shown, "name")
    for key, text in {"name": name, "by": data.get("by", ""), "artist": data.get("artist", "")}.items():
        if shown := harmless_name(text):
            found[key] = Value(shown, "name")
    if shown := clean(data.get("reason", "")):  # a moderator's own words
        found["reason"] = Value(shown, "name")
    for key in ("email", "address"):
        if shown := clean(data.get(key, "")):
            found[key] = Value(shown, "address")
    for key in ("at", "until", "erased_at", "expires_at"):
        if shown := _moment(data.get(key, ""), language):
            found[key] = Value(shown, "local")
    if shown := _size(data.get("size", ""), language):
        found["size"] = Value(shown, "local")
    if change := CHANGES.get(data.get("change", "")):
        found["change"] = Value(change, "sentence")
    return found


def harmless_name(text: str) -> str:
    """A name that somebody chose, clean; empty where a mail program would make a link of it."""
    shown = clean(text)
    return "" if _LINKABLE.search(shown) else shown


def device_name(user_agent: str) -> str:
    """Browser and system as their owner knows them; of other programs the name they give themselves, if it is plain."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    if browser or system:
        return ", ".join(filter(None, (browser, system)))
    program = _PROGRAM.match(user_agent)
    return program[0] if program else ""


def _moment(text: str, language: str) -> str:
    """An ISO time as people of that language write it, in UTC: a letter does not know where it is read."""
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return ""
    day, hour = format_date(moment, "long", locale=language), format_time(moment, "short", locale=language)
    joined = str(get_datetime_format("medium", locale=language))
    return joined.replace("'", "").replace("{1}", day).replace("{0}", f"{hour} UTC")


def _size(text: str, language: str) -> str:
    """A number of bytes as mebibytes, at least a tenth of one."""
    if not text.isdecimal():
        return ""
    return f"{format_decimal(max(int(text) / _MEBIBYTE, 0.1), format='#,##0.#', locale=language)} MiB"


def message_id(letter_id: UUID, sender: str) -> str:
    """The same whenever the letter is sent; `sender` is the address letters come from."""
    return f"<{letter_id.hex}@{sender.rpartition('@')[2]}>"
