"""Rules about plain text: they look at every tracked text file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.house_lint.source import Source

__all__ = ["no_machine_paths", "no_todo"]

_LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
_MACHINE = re.compile(r"(?<![\w.:/$}])/(?:home|Users|root|work|mnt/[a-z])/[\w.-]+|\b[A-Z]:\\{1,2}Users\\")


def no_todo(source: Source) -> Iterator[tuple[int, str]]:
    """Nothing is left for later in the code; what is not built yet stands in an issue."""
    for number, text in source.comments:
        if match := _LATER.search(text):
            yield number, f"{match[0]}: do it now, or write an issue"


def no_machine_paths(source: Source) -> Iterator[tuple[int, str]]:
    """No path that exists on one person's machine only."""
    if source.is_generated:
        return
    for number, line in enumerate(source.lines, 1):
        if match := _MACHINE.search(line):
            yield number, f"{match[0]} is a path of one machine"
