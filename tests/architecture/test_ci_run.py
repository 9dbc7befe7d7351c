"""`.ci/run` on machines that lack things: a folder of commands that only write down how they were called."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ["bash", "cat", "cp", "dirname", "env", "grep", "mkdir", "rm", "tail", "tee"]
PACKAGES = {
    "make": "make",
    "chromium": "chromium",
    "chromium-headless-shell": "chromium-headless-shell",
    "redis-server": "redis-server",
    "java": "default-jre-headless",
    "mvn": "maven",
}
UPDATE, INSTALL = "apt-get update", "apt-get install -y --no-install-recommends"


@dataclass
class Machine:
    """`lacks` are commands that it has not; `fails` is a word: a call that has it in its arguments ends with 1."""

    folder: Path
    root: bool = True
    apt: bool = True
    venv: bool = True
    lacks: tuple[str, ...] = ()
    fails: str = "nothing at all"

    def run(self) -> subprocess.CompletedProcess[str]:
        bin_folder, archive = self.folder / "bin", self.folder / "archive"
        for made in (bin_folder, self.folder / "tree" / ".ci"):
            made.mkdir(parents=True)
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found is not None
            (bin_folder / tool).symlink_to(found)
        for name, package in PACKAGES.items():
            place = archive / package if name in self.lacks else bin_folder
            place.mkdir(parents=True, exist_ok=True)
            self._command(place / name, 'echo "3 passed in 0.10s"')
        if self.apt:
            arrives = (
                f'for name; do if [[ -d "{archive}/$name" ]]; then cp "{archive}/$name"/* "{bin_folder}"; fi; done'
            )
            self._command(bin_folder / "apt-get", f"echo about apt\n{arrives}")
        self._command(bin_folder / "id", f"echo {0 if self.root else 1000}", quiet=True)
        self._command(bin_folder / "python3", f"exit {0 if self.venv else 1}", quiet=True)
        script = shutil.copy(ROOT / ".ci" / "run", self.folder / "tree" / ".ci" / "run")
        environ = {"PATH": str(bin_folder), "CALLS": str(self.folder / "calls")}
        return subprocess.run(
            [bin_folder / "bash", script], env=environ, capture_output=True, text=True, timeout=60, check=False
        )

    def calls(self) -> list[str]:
        file = self.folder / "calls"
        return [line.partition(" ARGS=")[0] for line in file.read_text().splitlines()] if file.exists() else []

    def _command(self, path: Path, does: str, *, quiet: bool = False) -> None:
        notes = f'echo "{path.name} $*" >>"$CALLS"\nif [[ "$*" == *"{self.fails}"* ]]; then exit 1; fi\n'
        path.write_text(f"#!{shutil.which('bash')}\n{'' if quiet else notes}{does}\n")
        path.chmod(0o755)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_a_bare_machine_gets_everything_before_anything_runs(folder: Path) -> None:
    machine = Machine(folder, venv=False, lacks=tuple(PACKAGES))
    done = machine.run()
    assert (done.returncode, done.stderr) == (0, "")
    brought = (
        "chromium-headless-shell fonts-noto-core",
        "make redis-server python3-venv",
        "default-jre-headless maven",
    )
    installs = [call for packages in brought for call in (UPDATE, f"{INSTALL} {packages}")]
    assert machine.calls() == [*installs, "make test", "make -k check"]
    assert "about apt" not in done.stdout
    assert done.stdout.endswith("3 passed in 0.10s\nAll passed.\n")


def test_a_machine_that_has_everything_is_left_alone(folder: Path) -> None:
    machine = Machine(folder)
    assert machine.run().returncode == 0
    assert machine.calls() == ["make test", "make -k check"]


def test_only_java_is_missing(folder: Path) -> None:
    machine = Machine(folder, lacks=("java", "mvn"))
    assert machine.run().returncode == 0
    assert machine.calls()[:2] == [UPDATE, f"{INSTALL} default-jre-headless maven"]


def test_the_whole_browser_comes_where_the_smaller_one_does_not(folder: Path) -> None:
    machine = Machine(folder, lacks=("chromium", "chromium-headless-shell"), fails="chromium-headless-shell")
    done = machine.run()
    assert done.returncode == 0
    assert "Not installed: chromium-headless-shell." in done.stdout
    assert machine.calls()[2:4] == [UPDATE, f"{INSTALL} chromium fonts-noto-core"]


def test_a_provider_that_cannot_be_fetched_stops_nothing(folder: Path) -> None:
    machine = Machine(folder, lacks=("mvn",), fails="maven")
    done = machine.run()
    assert done.returncode == 0
    assert "Not installed: maven. The tests with Keycloak will say so and be skipped" in done.stdout
    assert machine.calls()[-2:] == ["make test", "make -k check"]


def test_a_package_that_the_tests_need_and_that_does_not_come(folder: Path) -> None:
    machine = Machine(folder, lacks=("redis-server",), fails="update")
    done = machine.run()
    assert done.returncode == 1
    assert machine.calls() == [UPDATE]


@pytest.mark.parametrize("more", [{"root": False}, {"apt": False}])
def test_who_may_not_install_is_told_what_is_missing(folder: Path, more: dict[str, bool]) -> None:
    machine = Machine(folder, lacks=("redis-server", "java"), **more)
    done = machine.run()
    assert done.returncode == 0
    assert "would install it: redis-server." in done.stdout
    assert "Not installed: java" not in done.stdout
    assert "Not installed: default-jre-headless." in done.stdout
    assert machine.calls() == ["make test", "make -k check"]


@pytest.mark.parametrize("fails", ["test", "check"])
def test_every_check_runs_though_one_fails(folder: Path, fails: str) -> None:
    machine = Machine(folder, fails=fails)
    done = machine.run()
    assert done.returncode == 1
    assert f"FAILED: make {fails}" in done.stdout
    assert machine.calls() == ["make test", "make -k check"]
