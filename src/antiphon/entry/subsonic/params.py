"""The parameters of a call, read with the patience that real apps need.

An empty value counts as absent, a number that is none as not given, names that nobody asks for as unsaid.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import unquote
from uuid import UUID

from antiphon.entry.subsonic.failures import NOT_FOUND, Failed, missing
from antiphon.kit.ids import Kind, kind_of, parse

__all__ = ["Params"]

_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})
_EPOCH_ENDS = 86_400_000 * 365  # apps say "no time" with zero, or with something close to it
_LAST_MOMENT = 253_402_300_799_000  # of the year 9999


class Params:
    """Query and form together; a repeated name is a list."""

    def __init__(self, *sources: str) -> None:
        self._given: dict[str, list[str]] = {}
        given = self._given
        for source in sources:
            coded = "%" in source or "+" in source or "\0" in source  # most of what apps send needs no decoding
            for pair in source.split("&"):
                if pair:
                    name, _, value = pair.partition("=")
                    if coded:
                        name, value = _plain(name), _plain(value)
                    if name in given:
                        given[name].append(value)
                    else:
                        given[name] = [value]

    def given(self, name: str) -> bool:
        """Whether the name was said at all, be it with nothing behind it."""
        return name in self._given

    def text(self, name: str) -> str | None:
        """None where nothing, or only an empty value, was given."""
        for value in self._given.get(name, ()):
            if value:
                return value
        return None

    def words(self, name: str) -> str | None:
        """As given, which may be empty on purpose; None where the name was not said."""
        found = self._given.get(name)
        return found[0] if found else None

    def needed(self, name: str) -> str:
        """Raises Failed (10)."""
        found = self.text(name)
        if found is None:
            raise missing(name)
        return found

    def texts(self, name: str) -> list[str]:
        return [value for value in self._given.get(name, ()) if value]

    def number(self, name: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
        """Clamped between `least` and `most`."""
        found = _whole(self.text(name))
        return default if found is None else max(least, min(most, found))

    def whole(self, name: str) -> int | None:
        """None where no number was given."""
        return _whole(self.text(name))

    def numbers(self, name: str) -> list[int]:
        """Those that are numbers, in their order."""
        return [number for number in map(_whole, self.texts(name)) if number is not None]

    def decimal(self, name: str) -> float | None:
        try:
            found = float(self.text(name) or "nan")
        except ValueError:
            return None
        return found if abs(found) < float("inf") else None

    def flag(self, name: str, default: bool) -> bool:
        text = (self.text(name) or "").lower()
        return default if text not in _TRUE | _FALSE else text in _TRUE

    def moment(self, name: str) -> datetime | None:
        """Milliseconds since 1970; None where no time, or one near zero, was given."""
        return _moment(self.text(name))

    def moments(self, name: str) -> list[datetime | None]:
        return [_moment(text) for text in self._given.get(name, ())]

    def id(self, kind: Kind, name: str = "id") -> UUID:
        """Raises Failed (10), NotFound for what cannot be such an id."""
        return parse(kind, self.needed(name))

    def ids(self, kind: Kind, name: str = "id") -> list[UUID]:
        """In their order, repeats too. Raises NotFound."""
        return [parse(kind, text) for text in self.texts(name)]

    def any_id(self, kinds: Iterable[Kind], name: str = "id") -> tuple[Kind, UUID]:
        """An id of one of the kinds. Raises Failed (10, 70)."""
        return self._one_of(kinds, self.needed(name))

    def any_ids(self, kinds: Iterable[Kind], name: str = "id") -> list[tuple[Kind, UUID]]:
        """Raises Failed (70)."""
        return [self._one_of(kinds, text) for text in self.texts(name)]

    def _one_of(self, kinds: Iterable[Kind], text: str) -> tuple[Kind, UUID]:
        kind = kind_of(text)
        if kind is None or kind not in kinds:
            raise Failed(NOT_FOUND, "There is nothing with this id.")
        return kind, parse(kind, text)


def _plain(text: str) -> str:
    if "+" in text:
        text = text.replace("+", " ")
    if "%" in text:
        text = unquote(text, errors="replace")
    return text.replace("\0", "")


def _whole(text: str | None) -> int | None:
    if text is None or len(text) > 40:
        return None
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return None


def _moment(text: str | None) -> datetime | None:
    milliseconds = _whole(text)
    if milliseconds is None or not _EPOCH_ENDS < milliseconds <= _LAST_MOMENT:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
