"""Every quirk that real apps have has a test that names it: `Quirk 8` in the text of the test, or in its name.

The numbers are those of the list of quirks of Subsonic's apps, and its conclusions.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
CLIENTS = HERE.parents[1] / "journeys" / "test_opensonic.py"
QUIRKS, CONCLUSIONS = 43, 7
_NAMED = re.compile(r"\b(quirk|conclusion)s?[ _]((?:\d+(?:, | and |_|\b))+)", re.IGNORECASE)


def named() -> dict[str, dict[int, list[str]]]:
    """By quirk or conclusion the tests that name it."""
    found: dict[str, dict[int, list[str]]] = {"quirk": {}, "conclusion": {}}
    for file in [*sorted(HERE.glob("test_*.py")), CLIENTS]:
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test_"):
                continue
            words = f"{node.name.replace('test_', '', 1)} {ast.get_docstring(node) or ''}"
            for kind, numbers in _NAMED.findall(words):
                for number in re.findall(r"\d+", numbers):
                    found[kind.lower()].setdefault(int(number), []).append(f"{file.name}::{node.name}")
    return found


def test_each_has_a_test() -> None:
    tests = named()
    assert sorted(tests["quirk"]) == list(range(1, QUIRKS + 1))
    assert sorted(tests["conclusion"]) == list(range(1, CONCLUSIONS + 1))
