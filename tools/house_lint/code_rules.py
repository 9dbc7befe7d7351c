"""Rules about where things may be called. Places are told by path, names by the syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tools.house_lint.source import Source, dotted

__all__ = [
    "commit_only_in_unit_of_work",
    "migration_rules",
    "no_clock_bypass",
    "no_float_in_commerce",
    "no_late_import",
    "no_sleep_in_tests",
    "sql_only_in_store",
    "web_framework_only_at_the_edge",
]

Found = Iterator[tuple[int, str]]

_PACKAGE = "src/antiphon/"
_DOMAIN = re.compile(r"src/antiphon/domains/\w+/")
_ROUTES = re.compile(r"src/antiphon/domains/\w+/routes(/\w+)*\.py$")
_STORE = re.compile(r"src/antiphon/domains/\w+/(store|tables)(/\w+)*\.py$")
_WEB = ("litestar", "granian", "starlette", "uvicorn")
_SQL = {"select", "insert", "update", "delete", "text", "exists", "union", "union_all", "literal_column"}
_CLOCK = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns")


def commit_only_in_unit_of_work(source: Source) -> Found:
    """One request, one job, one handled fact: one transaction, committed by kit/db.py (and by alembic's env.py)."""
    if not source.path.startswith(_PACKAGE) or source.path.endswith(("/kit/db.py", "/migrations/env.py")):
        return
    for call in source.calls():
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit":
            yield call.lineno, "only the unit of work commits"


def web_framework_only_at_the_edge(source: Source) -> Found:
    """HTTP is known to routes and to the entry; everything else can be called without a web server."""
    if not source.path.startswith(_PACKAGE) or source.path.startswith(f"{_PACKAGE}entry/"):
        return
    if _ROUTES.match(source.path):
        return
    for name, statement in source.imports():
        if name.partition(".")[0] in _WEB:
            yield statement.lineno, f"{name} belongs into routes.py or entry/"


def no_clock_bypass(source: Source) -> Found:
    """Time comes from the injected clock, so that a test can set it. Measuring spans (perf_counter) is free."""
    if not source.path.startswith(_PACKAGE) or source.path.endswith("/kit/clock.py"):
        return
    members = _members(source, "time", "datetime")
    for call in source.calls():
        name = dotted(call.func)
        first, _, rest = name.partition(".")
        full = ".".join(part for part in (members.get(first, first), rest) if part)
        if full.endswith(_CLOCK) and full.partition(".")[0] in ("time", "datetime", "date"):
            yield call.lineno, f"{name}() does not ask the clock"


def no_float_in_commerce(source: Source) -> Found:
    """Money is whole minor units; a float loses cents."""
    if not source.path.startswith(f"{_PACKAGE}domains/commerce/"):
        return
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"{node.value} is a float"
        elif isinstance(node, ast.Name) and node.id == "float":
            yield node.lineno, "float in commerce"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            yield node.lineno, "/ makes a float; use // and give the remainder to somebody"


def sql_only_in_store(source: Source) -> Found:
    """Where is the SQL of a domain? In its store.py and tables.py."""
    if not _DOMAIN.match(source.path) or _STORE.match(source.path):
        return
    members = _members(source, "sqlalchemy")
    for call in source.calls():
        name = dotted(call.func)
        first, _, rest = name.partition(".")
        if not members.get(first, first).startswith("sqlalchemy"):
            continue
        if (rest or members.get(first, first)).rpartition(".")[2] in _SQL:
            yield call.lineno, f"{name}() belongs into store.py"


def migration_rules(source: Source) -> Found:
    """A revision gives up soon when it cannot get its locks, and means the same for ever: no live imports."""
    if not re.match(r"src/antiphon/migrations/versions/\w+\.py$", source.path):
        return
    for name, statement in source.imports():
        if name.startswith("antiphon.") and not name.startswith("antiphon.migrations.support"):
            yield statement.lineno, f"{name} is live code; a revision imports antiphon.migrations.support only"
    for function in source.functions():
        if function.name == "upgrade" and not _begins(function):
            yield (
                function.lineno,
                "upgrade() starts with begin() of antiphon.migrations.support, which sets the time-outs",
            )


def no_late_import(source: Source) -> Found:
    """An import inside a function hides a ring or a cost; domains and kit have neither."""
    if not source.path.startswith((f"{_PACKAGE}domains/", f"{_PACKAGE}kit/", f"{_PACKAGE}facts/")):
        return
    seen: set[ast.AST] = set()
    for function in source.functions():
        for node in ast.walk(function):
            if isinstance(node, (ast.Import, ast.ImportFrom)) and node not in seen:
                seen.add(node)
                yield node.lineno, f"import at the top, not inside {function.name}()"


def no_sleep_in_tests(source: Source) -> Found:
    """A test waits for what happens, not for time to pass. `asyncio.sleep(0)` only gives way and is free."""
    if not source.path.startswith("tests/"):
        return
    members = _members(source, "time", "asyncio", "anyio")
    for call in source.calls():
        name = dotted(call.func)
        first, _, rest = name.partition(".")
        full = ".".join(part for part in (members.get(first, first), rest) if part)
        if full not in ("time.sleep", "asyncio.sleep", "anyio.sleep"):
            continue
        if call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0:
            continue
        yield call.lineno, f"{name}(): await the event instead"


def _begins(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    body = [node for node in function.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    first = body[0] if body else None
    if not isinstance(first, (ast.Assign, ast.Expr)) or not isinstance(first.value, ast.Call):
        return False
    return dotted(first.value.func) in ("begin", "support.begin")


def _members(source: Source, *modules: str) -> dict[str, str]:
    """Local name → full name, for what is imported of these modules: {"sa": "sqlalchemy", "now": "time.time"}."""
    local: dict[str, str] = {}
    for node in source.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] in modules and alias.asname:
                    local[alias.asname] = alias.name
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in modules:
            for alias in node.names:
                local[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return local
