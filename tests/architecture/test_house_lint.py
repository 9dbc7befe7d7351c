"""Every rule of the house lint has samples that it must let pass and samples that it must catch, line by line.

A sample begins with the path it pretends to have. `# expect` at the end of a line means that the rule whose folder
it lies in complains about that line; `# expect other-rule` names another one. `# lines N` makes the file N lines long.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.house_lint import Source, check, rule_names
from tools.house_lint.__main__ import files, main, read

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parent / "samples"
SAMPLE_FILES = sorted(path.relative_to(SAMPLES).as_posix() for path in SAMPLES.glob("*/*.py"))


def load(sample: str) -> tuple[Source, set[tuple[int, str]]]:
    """The sample as the lint sees it, and what it must find: (line, rule)."""
    text = (SAMPLES / sample).read_text(encoding="utf-8")
    first = text.splitlines()[0].partition("  # expect")[0]
    assert first.startswith("# path: "), f"{sample} does not say which path it pretends to have"
    expected = {
        (number, rule or sample.partition("/")[0])
        for number, line in enumerate(text.splitlines(), 1)
        for rule in re.findall(r"[#,] expect(?: ([a-z-]+))?(?=$|,)", line)
    }
    if length := re.search(r"# lines (\d+)", text):
        text += "#\n" * (int(length[1]) - len(text.splitlines()))
    return Source(first.removeprefix("# path: "), re.sub(r"  # expect.*", "", text)), expected


@pytest.mark.parametrize("sample", SAMPLE_FILES)
def test_sample(sample: str) -> None:
    source, expected = load(sample)
    found = {(problem.line, problem.rule) for problem in check(source)}
    assert found == expected
    assert bool(expected) == Path(sample).name.startswith("bad_")


def test_every_rule_has_good_and_bad_samples() -> None:
    for rule in rule_names():
        names = {Path(sample).name.partition("_")[0] for sample in SAMPLE_FILES if sample.startswith(f"{rule}/")}
        assert names == {"good", "bad"}, f"samples for {rule} are missing"
    assert {sample.partition("/")[0] for sample in SAMPLE_FILES} == set(rule_names())


def test_an_exemption_stands_on_the_line_or_the_one_above() -> None:
    excuse = "# allow: no-clock-bypass — sample"
    far = f"import time\n{excuse}\n\nNOW = time.time()\n"
    near = f"import time\n\n{excuse}\nNOW = time.time()\n"
    assert [problem.rule for problem in check(Source("src/antiphon/kit/a.py", far))] == ["exemption", "no-clock-bypass"]
    assert check(Source("src/antiphon/kit/a.py", near)) == []


@pytest.mark.parametrize(("suffix", "comment"), [("ts", "// TODO later"), ("css", "/* FIXME */"), ("sh", "# XXX")])
def test_text_rules_reach_beyond_python(suffix: str, comment: str) -> None:
    assert [problem.rule for problem in check(Source(f"web/src/a.{suffix}", f"{comment}\n"))] == ["no-todo"]


def test_the_command_names_place_and_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tests/architecture/samples/no-todo/bad_later.py"]) == 1
    assert "samples/no-todo/bad_later.py:2: no-todo" in capsys.readouterr().out


def test_the_tree_keeps_the_rules() -> None:
    sources = (read(ROOT, path) for path in files(ROOT))
    problems = [str(problem) for source in sources if source is not None for problem in check(source)]
    assert problems == []
