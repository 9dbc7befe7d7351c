"""One file as the rules see it: read once, parsed once."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

__all__ = ["Exemption", "Source"]

_ALLOW = re.compile(r"allow:\s*(?P<rule>[a-z][a-z-]+)(?:\s+(?:—|--)\s+(?P<reason>\S.*?))?\s*(?:\*/|-->)?$")
_COMMENT = {"py": "#", "sh": "#", "toml": "#", "ts": "//", "tsx": "//", "mjs": "//", "js": "//", "css": "/*"}


@dataclass(frozen=True, slots=True)
class Exemption:
    line: int
    rule: str
    reason: str | None


class Source:
    """`path` is relative to the root of the repository, with slashes."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def suffix(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def is_python(self) -> bool:
        return self.suffix == "py"

    @property
    def is_generated(self) -> bool:
        name = self.path.rpartition("/")[2]
        return ".gen." in name or name.endswith((".lock", ".po", ".svg", "package-lock.json", "openapi.json"))

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the one parse, outermost first; empty for anything that is not Python."""
        return list(ast.walk(ast.parse(self.text, self.path))) if self.is_python else []

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes if isinstance(node, ast.Call))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in self.nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))

    def imports(self) -> Iterator[tuple[str, ast.stmt]]:
        """The full name of every module or member imported, with its statement."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.name, node
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                for alias in node.names:
                    yield f"{node.module}.{alias.name}", node

    @cached_property
    def comments(self) -> list[tuple[int, str]]:
        """(line, text after the comment sign). In Python only true comments count, not strings that look like them."""
        if self.is_python:
            tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
            return [(t.start[0], t.string[1:].strip()) for t in tokens if t.type == tokenize.COMMENT]
        sign = _COMMENT.get(self.suffix)
        if sign is None:
            return []
        found = ((number, line.partition(sign)) for number, line in enumerate(self.lines, 1))
        return [(number, parts[2].strip()) for number, parts in found if parts[1]]

    @cached_property
    def exemptions(self) -> list[Exemption]:
        matches = ((line, _ALLOW.match(text)) for line, text in self.comments)
        return [Exemption(line, match["rule"], match["reason"]) for line, match in matches if match]


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an expression, or an empty string where it is anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else node.attr
    return ""
