"""The command: looks at what git tracks or would track; without git, at the folders of the house."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.house_lint import Source, check

SAMPLES = "tests/architecture/samples/"
FOLDERS = ("src", "tests", "tools", "benchmarks", "docs", "web/src", "web/tools")


def main(arguments: Sequence[str]) -> int:
    root = Path(__file__).resolve().parents[2]
    problems = []
    for path in arguments or sorted(files(root)):
        source = read(root, path)
        if source is not None:
            problems += check(source)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def files(root: Path) -> Iterator[str]:
    """Paths relative to the root, samples left out: they break the rules on purpose."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        found = (path for folder in FOLDERS for path in (root / folder).rglob("*") if path.is_file())
        listed = [path.relative_to(root).as_posix() for path in found if "__pycache__" not in path.parts]
    return (path for path in listed if path and not path.startswith(SAMPLES))


def read(root: Path, path: str) -> Source | None:
    """None for files that are not text, or are gone."""
    try:
        return Source(path, (root / path).read_text(encoding="utf-8"))
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
        return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
