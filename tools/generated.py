"""Writes every file that is made from the code, or with --check says which of them are not current."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from tools import web_client
from tools.letter_catalogues import catalogues
from tools.openapi import openapi_text
from tools.reference import PAGES

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = Path("docs/reference")


def wanted() -> dict[Path, str]:
    """Path below the root → what it must hold."""
    pages = {REFERENCE / name: page() for name, page in PAGES.items()}
    return {Path("web/openapi.json"): openapi_text()} | pages | catalogues()


def stale(files: dict[Path, str]) -> list[Path]:
    """What is missing, different, or lies in docs/reference without being made by anybody."""
    different = [path for path, text in files.items() if _text(ROOT / path) != text]
    strangers = [path.relative_to(ROOT) for path in (ROOT / REFERENCE).glob("*") if path.relative_to(ROOT) not in files]
    return sorted(different + strangers)


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def main(arguments: Sequence[str]) -> int:
    files = wanted()
    old = stale(files)
    if "--check" in arguments:
        for path in old:
            print(f"{path} is not current: run `make generate`")
        return 1 if old else 0
    for path in old:
        if path in files:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(files[path], encoding="utf-8")
        else:
            (ROOT / path).unlink()
        print(path)
    return web_client.npm(["run", "--silent", "generate"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
