"""What grows too big is no longer read."""

from __future__ import annotations

from collections.abc import Iterator

from tools.house_lint.source import Source

__all__ = ["file_too_long", "function_too_long"]

FILE_LINES = 500
FUNCTION_LINES = 60
_CODE = ("py", "ts", "tsx", "mjs", "js", "css", "sh", "sql")


def file_too_long(source: Source) -> Iterator[tuple[int, str]]:
    """No code file over 500 lines, generated ones and SQL that another project wrote aside."""
    if source.is_generated or source.path.startswith("src/antiphon/migrations/sql/"):
        return
    if source.suffix in _CODE and len(source.lines) > FILE_LINES:
        yield 1, f"{len(source.lines)} lines; at about 400 a file becomes a folder of the same name"


def function_too_long(source: Source) -> Iterator[tuple[int, str]]:
    """No function over 60 lines, docstring and decorators included. A revision is a list of statements and free."""
    if source.path.startswith("src/antiphon/migrations/versions/"):
        return
    for function in source.functions():
        first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
        length = (function.end_lineno or function.lineno) - first + 1
        if length > FUNCTION_LINES:
            yield function.lineno, f"{function.name} has {length} lines, {FUNCTION_LINES} are the most"
