"""Documents are tested: what they point at exists, what they promise to list is listed."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tools import generated
from tools.reference import collect, wiring

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "src/**/*.md", "tests/**/*.md", "benchmarks/**/*.md", "web/*.md")
    for path in ROOT.glob(pattern)
)
DECISIONS = sorted(path.name for path in (ROOT / "docs/adr").glob("[0-9]*.md"))
NOT_SETTINGS = {"ANTIPHON_CONFIG", "ANTIPHON_SAMPLES"}


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def _exists(path: Path) -> bool:
    return path.exists() or path.with_suffix(".py").exists()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_and_paths_lead_somewhere(document: str) -> None:
    text = text_of(document)
    here = (ROOT / document).parent
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    named = re.findall(r"`((?:src|tools|tests|docs|web|benchmarks|\.ci)/[\w./-]*)`", text)
    missing = [link for link in links if "://" not in link and not (here / link).exists()]
    missing += [path for path in named if not any(_exists(base / path) for base in (ROOT, here))]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_and_settings_in_documents_exist(document: str) -> None:
    text = text_of(document)
    targets = set(re.findall(r"^([a-z-]+):.*##", text_of("Makefile"), re.M))
    assert set(re.findall(r"(?:^|`|&& )make ([a-z-]+)", text, re.M)) <= targets
    commands = "".join(f"{command}\n" for command, _ in wiring.commands())
    mentioned = re.findall(r"`(antiphon(?: [a-z][a-z-]*)+)", text)
    assert [command for command in mentioned if not re.search(rf"^{command}( |$)", commands, re.M)] == []
    known = {f"ANTIPHON_{setting.name.upper()}" for setting in collect.settings()} | NOT_SETTINGS
    assert set(re.findall(r"ANTIPHON_[A-Z_]*[A-Z]", text)) <= known


def test_the_licence_is_the_official_text() -> None:
    digest = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()
    assert digest == "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_names_context_choice_price_and_check(decision: str) -> None:
    text = text_of(f"docs/adr/{decision}")
    assert re.findall(r"^## (.+)$", text, re.M) == ["Context", "Choice", "Price", "Enforced by"]
    assert text.startswith(f"# {decision[:4]} ")
    assert re.search(r"^Accepted, \w+ \d{4}", text, re.M)
    assert f"]({decision})" in text_of("docs/adr/README.md")


def test_decisions_are_counted_without_gaps() -> None:
    assert [int(decision[:4]) for decision in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_every_dependency_has_a_licence_and_a_reason() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))
    groups = project["dependency-groups"]
    python = [*project["project"]["dependencies"], *groups["build"], *groups["dev"]]
    web = json.loads(text_of("web/package.json"))
    wanted = (
        {re.split(r"[\[<>=~! ]", line)[0] for line in python} | set(web["dependencies"]) | set(web["devDependencies"])
    )
    rows = re.findall(r"^\| (\S+) \| (.+) \| (.+) \|$", text_of("docs/adr/0013-dependencies.md"), re.M)
    listed = {name for name, _, _ in rows if name not in ("library", "---")}
    assert listed == wanted
    assert all(licence.strip("- ") and reason.strip("- ") for name, licence, reason in rows if name != "---")


@pytest.mark.parametrize(
    "domain", sorted(p.name for p in (ROOT / "src/antiphon/domains").iterdir() if (p / "__init__.py").exists())
)
def test_every_domain_says_what_it_owns(domain: str) -> None:
    text = text_of(f"src/antiphon/domains/{domain}/README.md")
    assert re.findall(r"^\*\*(Owns|Never|Remember)\b", text, re.M) == ["Owns", "Never", "Remember"]
    assert len(text.splitlines()) <= 25


def test_generated_files_are_current() -> None:
    assert [str(path) for path in generated.stale(generated.wanted())] == []


def test_every_error_code_is_the_code_of_one_type() -> None:
    codes = Counter(error.code for error in collect.error_types())
    assert [code for code, count in codes.items() if count > 1] == []


def test_every_error_fact_and_job_says_what_it_means() -> None:
    assert [error.__qualname__ for error in collect.error_types() if not error.title] == []
    assert [fact.name for fact in collect.fact_types() if not fact.__doc__] == []
    assert [job.name for job in wiring.jobs() if not wiring.purpose(job.run)] == []


def test_every_setting_is_described() -> None:
    assert [setting.name for setting in collect.settings() if not setting.text] == []
