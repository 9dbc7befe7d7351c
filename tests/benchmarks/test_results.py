"""The file of results keeps what was not measured anew."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks.report import Row, Section, render
from benchmarks.results import HEAD, merged

NAMES = ["first", "second", "third"]


def table(title: str, figure: str) -> str:
    return render(Section(title, [Row("what", figure)]))


def test_only_what_was_measured_is_replaced() -> None:
    whole = merged("", {name: table(f"Of {name}", f"{name}, old") for name in NAMES}, NAMES)
    again = merged(whole, {"second": f"{table('Another title', 'new')}\n\n{table('One more', 'new')}"}, NAMES)
    assert "first, old" in again
    assert "third, old" in again
    assert "second, old" not in again
    assert [line for line in again.splitlines() if line.startswith("## ")] == [
        "## Of first",
        "## Another title",
        "## One more",
        "## Of third",
    ]


def test_the_order_is_that_of_the_benchmarks_and_not_of_the_measuring() -> None:
    parts = {name: table(name, name) for name in NAMES}
    text = ""
    for name in reversed(NAMES):
        text = merged(text, {name: parts[name]}, NAMES)
    assert text == merged("", parts, NAMES)


def test_what_belongs_to_no_benchmark_goes_and_the_head_is_ours() -> None:
    whole = merged("", {"first": table("Kept", "1"), "gone": table("Gone", "2")}, [*NAMES, "gone"])
    assert merged(whole.replace(HEAD, "# Old words"), {}, NAMES) == merged("", {"first": table("Kept", "1")}, NAMES)


def test_the_file_is_as_we_would_write_it() -> None:
    text = bench.RESULTS.read_text(encoding="utf-8")
    assert merged(text, {}, bench.BENCHMARKS) == text
    assert text.count("Measured on ") == len(bench.BENCHMARKS)


def test_the_command_writes_after_each_and_keeps_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> list[Section]:
        raise OSError("the disk is full")

    results = tmp_path / "RESULTS.md"
    results.write_text(merged("", {name: table(name, "old") for name in NAMES}, NAMES))
    benchmarks = {"first": fails, "second": lambda: [Section("second", [Row("what", "new")])], "third": fails}
    monkeypatch.setattr(bench, "BENCHMARKS", benchmarks)
    monkeypatch.setattr(bench, "RESULTS", results)
    monkeypatch.setattr(sys, "argv", ["benchmarks", "second", "third", "--write"])
    with pytest.raises(OSError, match="full"):
        bench.main()
    _, first, second, third = results.read_text().split("<!-- ")
    assert "old" in first
    assert "new" in second
    assert "Measured on " in second
    assert "old" in third
    assert "## second" in capsys.readouterr().out
