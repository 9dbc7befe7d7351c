"""`antiphon library`: another process, which may be killed at any moment."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.collection import sound_file

FILES = 1_300  # some batches

pytestmark = pytest.mark.commits


class Command:
    """The program as an operator has it, on the test's own database."""

    def __init__(self, database_url: str, home: Path) -> None:
        self.url = database_url
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTIPHON_")}
        self.environ = kept | {
            "ANTIPHON_HOME": str(home),
            "ANTIPHON_DATABASE_URL": database_url,
            "ANTIPHON_CONFIG": str(home / "none.toml"),
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        argv = [sys.executable, "-m", "antiphon.entry.cli", "library", *words]
        return subprocess.Popen(argv, env=self.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, *words: str, code: int = 0) -> str:
        process = self.start(*words)
        said, _ = process.communicate(timeout=120)
        assert process.returncode == code, said
        return said

    def ask(self, query: str) -> Any:
        with psycopg.connect(self.url, autocommit=True) as conn:
            conn.execute("SELECT set_config('antiphon.system', 'on', false)")
            row = conn.execute(query).fetchone()  # type: ignore[call-overload]
            return row[0] if row else None


@pytest.fixture
def command(database_url: str, tmp_path: Path) -> Command:
    return Command(database_url, tmp_path / "home")


def test_a_scan_that_was_killed_goes_on_and_doubles_nothing(command: Command, tmp_path: Path) -> None:
    body = sound_file(tmp_path / "body.mp3", seconds=0.1)
    for number in range(FILES):
        folder = tmp_path / "music" / f"Artist {number // 100}" / f"Album {number // 10}"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(body, folder / f"{number % 10 + 1:02d} Song {number}.mp3")
    assert "library 1" in command.run("add", str(tmp_path / "music"), "--access", "everyone")
    first = command.start("scan")
    until = time.monotonic() + 60
    while not command.ask("SELECT count(*) FROM catalog.tracks") and time.monotonic() < until:
        assert first.poll() is None
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert 0 < command.ask("SELECT count(*) FROM catalog.tracks") < FILES
    said = command.run("scan", "1")
    assert "done" in said
    assert command.ask("SELECT count(*) FROM catalog.tracks WHERE published_at IS NOT NULL") == FILES
    assert command.ask("SELECT count(DISTINCT title) FROM catalog.tracks") == FILES
    assert command.ask("SELECT count(*) FROM catalog.albums") == FILES // 10
    assert command.ask("SELECT sum(track_count) FROM catalog.albums") == FILES
    assert f"{FILES} of {FILES} files" in command.run("list")
    shutil.rmtree(tmp_path / "music" / "Artist 0" / "Album 0")
    assert "10 missing" in command.run("scan", "1")
    listed = command.run("missing")
    assert "10 tracks missing" in listed
    one = next(word for word in listed.split() if word.startswith("trk_"))
    assert "1 track would be deleted" in command.run("purge", "1", one, code=1)
    assert "1 track deleted" in command.run("purge", "1", one, "--yes")
    assert "9 tracks deleted" in command.run("purge", "1", "--yes")
    assert command.ask("SELECT count(*) FROM catalog.tracks") == FILES - 10
    assert "out of the catalogue" in command.run("remove", "1")
    assert command.ask("SELECT count(*) FROM catalog.tracks") == 0
