"""The outside world on a bad day: codecs and an object store that fall over at a chosen call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Breaking", "Fallen", "Trouble"]


class Fallen(Exception):
    """The process is gone, as far as the caller can tell."""


@dataclass
class Trouble:
    """Counts calls of the outside world; the one numbered `at` fails, before or after it was done."""

    at: int | None = None
    after: bool = False
    always: Callable[[str], bool] | None = None
    calls: list[str] = field(default_factory=list)

    def before_call(self, name: str) -> None:
        self.calls.append(name)
        if self.always is not None and self.always(name):
            raise Fallen(name)
        if len(self.calls) == self.at and not self.after:
            raise Fallen(name)

    def after_call(self, name: str) -> None:
        if len(self.calls) == self.at and self.after:
            raise Fallen(name)


class Breaking:
    """Stands before an adapter; whatever is asked of it may fail as `trouble` says."""

    def __init__(self, real: Any, trouble: Trouble) -> None:
        self._real = real
        self._trouble = trouble

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if name in {"local_file", "path", "list", "close", "calls"}:
            return found

        async def asked(*args: Any, **kwargs: Any) -> Any:
            self._trouble.before_call(name)
            answer = await found(*args, **kwargs)
            self._trouble.after_call(name)
            return answer

        return asked
