"""The client's playback engine alone in a page, and what Chromium puts out while it plays."""

from __future__ import annotations

import base64
import re
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.async_api import Page, Route

from antiphon.adapters.codecs.local import LocalCodecs
from antiphon.domains.media.ports import EncodedFile, Rendition
from tests.support.audio import write_wav
from tools.web_client import node_home

Samples = npt.NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[2]
RATE = 44_100
SITE = "http://localhost:1"

_BUNDLE = """
import { rolldown } from "./node_modules/rolldown/dist/index.mjs";
const [source, file, name] = process.argv.slice(1);
const bundle = await rolldown({ input: source, resolve: { alias: { "@": process.cwd() + "/src" } } });
await bundle.write({ file, format: "iife", name });
"""


def client_installed() -> bool:
    return (ROOT / "web" / "node_modules" / "rolldown").is_dir()


def bundle(source: str, name: str, target: Path) -> Path:
    """A module of the client with all that it imports as one script, whose exports are in the global `name`."""
    node = node_home() / "bin" / "node"
    command = [node, "--input-type=module", "-e", _BUNDLE, source, target, name]
    subprocess.run(command, cwd=ROOT / "web", check=True, timeout=120)
    return target


def describe(file: EncodedFile, rendition: Rendition, url: str) -> dict[str, Any]:
    facts = {key: value for key, value in asdict(file).items() if key not in ("path", "segments", "duration_ms")}
    progressive = {**facts, "url": url, "quality": rendition.quality, "codec": rendition.codec}
    return {
        "progressive": [progressive],
        "preview": None,
        "duration_ms": file.duration_ms,
        "loudness": None,
        "album_loudness": None,
        "complete": True,
        "expires_at": "2100-01-01T00:00:00Z",
    }


async def encoded(
    parts: dict[str, Samples], rendition: Rendition, folder: Path
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Each part as a file, and what a stream description says of it."""
    files, table = {}, {}
    codecs = LocalCodecs(concurrency=1)
    try:
        for name, part in parts.items():
            write_wav(folder / f"{name}.wav", np.repeat(part[:, None], 2, axis=1), rate=RATE)
            made = await codecs.encode(folder / f"{name}.wav", rendition, folder / name)
            files[f"{name}.mp4"] = made.path.read_bytes()
            table[name] = describe(made, rendition, f"/{name}.mp4")
    finally:
        await codecs.close()
    return files, table


async def serve(page: Page, files: dict[str, bytes]) -> None:
    """The site without a socket: whole files, or the one range asked for."""
    types = {"html": "text/html", "js": "text/javascript", "mp4": "audio/mp4"}

    async def answer(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[1]
        body = files.get(name)
        if body is None:
            await route.fulfill(status=404)
            return
        headers = {"Content-Type": types[name.rsplit(".", 1)[1]]}
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", route.request.headers.get("range", ""))
        if asked is None:
            await route.fulfill(status=200, headers=headers, body=body)
            return
        first, last = int(asked[1]), min(int(asked[2]), len(body) - 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
        await route.fulfill(status=206, headers=headers, body=body[first : last + 1])

    await page.route(f"{SITE}/**", answer)


def samples(text: str) -> Samples:
    return np.frombuffer(base64.b64decode(text), dtype="<f4").astype(np.float64)
