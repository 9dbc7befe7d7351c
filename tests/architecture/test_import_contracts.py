"""The import contracts of pyproject.toml, run over a tiny house of the same shape: each can be kept, each can fail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOMAIN_FILES = ("api", "errors", "facts_handlers", "model", "ports", "store")
HOUSE = (
    *("antiphon.kit.db", "antiphon.kit.errors", "antiphon.facts.catalog", "antiphon.migrations.support"),
    *(f"antiphon.domains.{domain}.{name}" for domain in ("identity", "catalog", "media") for name in DOMAIN_FILES),
    *("antiphon.adapters.objects.local", "antiphon.adapters.codecs.local", "antiphon.demo.synth"),
    *("antiphon.entry.bootstrap", "antiphon.entry.http.app"),
)
ALLOWED = {
    "antiphon.domains.media.api": ["antiphon.domains.catalog.api", "antiphon.facts.catalog", "antiphon.kit.db"],
    "antiphon.domains.media.store": ["antiphon.domains.media.model"],
    "antiphon.domains.identity.facts_handlers": ["antiphon.facts.catalog"],
    "antiphon.adapters.objects.local": ["antiphon.domains.media.ports", "antiphon.domains.media.errors"],
    "antiphon.entry.bootstrap": ["antiphon.adapters.objects.local", "antiphon.domains.media.store"],
}
RUN, ORDER, DOORS = "Imports run entry", "calls only those below", "entered through its api"
ADAPTERS, RINGS = "One adapter does not know", "No rings"


def lint(folder: Path, imports: dict[str, list[str]], extra: tuple[str, ...] = ()) -> tuple[int, set[str], str]:
    """Exit code, the names of the broken contracts, and all that was printed."""
    for module in (*HOUSE, *extra):
        file = folder.joinpath(*module.split(".")).with_suffix(".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"import {name}\n" for name in imports.get(module, [])), encoding="utf-8")
    for package in [path for path in folder.rglob("*") if path.is_dir()]:
        (package / "__init__.py").touch()
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.importlinter]")
    (folder / "pyproject.toml").write_text(settings[1] + settings[2], encoding="utf-8")
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, set(re.findall(r"^(.+) BROKEN", ran.stdout, re.M)), ran.stdout + ran.stderr


def test_what_is_allowed_passes(tmp_path: Path) -> None:
    code, broken, said = lint(tmp_path, ALLOWED)
    assert (code, broken) == (0, set()), said


@pytest.mark.parametrize(
    ("importer", "imported", "contract"),
    [
        ("antiphon.kit.db", "antiphon.facts.catalog", RUN),
        ("antiphon.facts.catalog", "antiphon.domains.catalog.model", RUN),
        ("antiphon.domains.media.api", "antiphon.adapters.objects.local", RUN),
        ("antiphon.domains.catalog.api", "antiphon.entry.bootstrap", RUN),
        ("antiphon.adapters.objects.local", "antiphon.demo.synth", RUN),
        ("antiphon.migrations.support", "antiphon.adapters.objects.local", RUN),
        ("antiphon.domains.identity.api", "antiphon.domains.catalog.api", ORDER),
        ("antiphon.domains.catalog.facts_handlers", "antiphon.domains.media.api", ORDER),
        ("antiphon.domains.media.api", "antiphon.domains.catalog.store", DOORS),
        ("antiphon.domains.media.model", "antiphon.domains.identity.errors", DOORS),
        ("antiphon.domains.media.model", "antiphon.domains.identity", DOORS),
        ("antiphon.adapters.objects.local", "antiphon.domains.media.api", DOORS),
        ("antiphon.adapters.objects.local", "antiphon.adapters.codecs.local", ADAPTERS),
    ],
)
def test_a_wrong_import_is_caught(tmp_path: Path, importer: str, imported: str, contract: str) -> None:
    code, broken, said = lint(tmp_path, {importer: [imported]})
    assert code == 1, said
    assert any(contract in name for name in broken), said
    assert f"{importer}" in said
    assert f"{imported}" in said


def test_a_ring_inside_a_domain_is_caught(tmp_path: Path) -> None:
    ring = {
        "antiphon.domains.media.api": ["antiphon.domains.media.store"],
        "antiphon.domains.media.store": ["antiphon.domains.media.api"],
    }
    code, broken, said = lint(tmp_path, ring)
    assert code == 1, said
    assert any(RINGS in name for name in broken), said


@pytest.mark.parametrize("stranger", ["antiphon.helpers.misc", "antiphon.domains.loyalty.api"])
def test_a_new_folder_fails_until_it_is_placed(tmp_path: Path, stranger: str) -> None:
    code, _broken, said = lint(tmp_path, {}, extra=(stranger,))
    assert code == 1, said
    assert stranger.rpartition(".")[0].rpartition(".")[2] in said
