"""Runs the rules over a source, then takes away what is excused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tools.house_lint import code_rules, size_rules, text_rules
from tools.house_lint.source import Exemption, Source

__all__ = ["Problem", "check", "rule_names"]

Rule = Callable[[Source], Iterator[tuple[int, str]]]

RULES: dict[str, Rule] = {
    "commit-only-in-unit-of-work": code_rules.commit_only_in_unit_of_work,
    "file-too-long": size_rules.file_too_long,
    "function-too-long": size_rules.function_too_long,
    "migration-rules": code_rules.migration_rules,
    "no-clock-bypass": code_rules.no_clock_bypass,
    "no-float-in-commerce": code_rules.no_float_in_commerce,
    "no-late-import": code_rules.no_late_import,
    "no-machine-paths": text_rules.no_machine_paths,
    "no-sleep-in-tests": code_rules.no_sleep_in_tests,
    "no-todo": text_rules.no_todo,
    "sql-only-in-store": code_rules.sql_only_in_store,
    "web-framework-only-at-the-edge": code_rules.web_framework_only_at_the_edge,
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    path: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


def rule_names() -> list[str]:
    return [*RULES, "exemption"]


def check(source: Source) -> list[Problem]:
    """All that is wrong with one file, in the order of its lines."""
    found = [Problem(source.path, line, name, text) for name, rule in RULES.items() for line, text in rule(source)]
    used: set[Exemption] = set()
    left = []
    for problem in found:
        excuse = next((e for e in source.exemptions if _covers(e, problem)), None)
        if excuse is None:
            left.append(problem)
        else:
            used.add(excuse)
    for exemption in source.exemptions:
        left.extend(_judge(source.path, exemption, exemption in used))
    return sorted(left)


def _covers(exemption: Exemption, problem: Problem) -> bool:
    if exemption.rule != problem.rule or not exemption.reason:
        return False
    return problem.rule == "file-too-long" or exemption.line in (problem.line, problem.line - 1)


def _judge(path: str, exemption: Exemption, used: bool) -> Iterator[Problem]:
    if exemption.rule not in RULES:
        yield Problem(path, exemption.line, "exemption", f"there is no rule called {exemption.rule}")
    elif not exemption.reason:
        yield Problem(path, exemption.line, "exemption", "say why: `allow: rule — reason`")
    elif not used:
        yield Problem(path, exemption.line, "exemption", f"nothing here breaks {exemption.rule}: take it out")
