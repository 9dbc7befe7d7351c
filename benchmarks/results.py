"""The file of results: a head, then the tables of each benchmark behind a mark with its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

__all__ = ["merged"]

HEAD = """# Results

Written by `python -m benchmarks --write`; see [README.md](README.md) for what is measured and how. Benchmarks that are
named (`python -m benchmarks limits --write`) replace their own tables and leave the others, so each says when and on
what it was measured. Ratios hold better than absolutes, above all where the machine had other work to do."""
_MARK = re.compile(r"^<!-- (\w+) -->$", re.MULTILINE)


def merged(text: str, measured: Mapping[str, str], names: Iterable[str]) -> str:
    """The file anew: `measured` in the place of what `text` has of the same benchmarks.

    The order is that of `names`; what belongs to none of them is left out.
    """
    _, *marked = _MARK.split(text)
    tables = {**dict(zip(marked[::2], marked[1::2], strict=True)), **measured}
    parts = [f"<!-- {name} -->\n\n{tables[name].strip()}" for name in names if name in tables]
    return "\n\n".join([HEAD, *parts]) + "\n"
