"""The client's playback engine alone in a page, and what Chromium puts out while it plays."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.async_api import Page, Route

from antiphon.adapters.codecs.local import LocalCodecs
from antiphon.domains.media.ports import EncodedFile, Rendition
from antiphon.domains.media.segments.grid import Grid
from antiphon.domains.media.segments.segmenter import first_bytes
from tests.support.audio import write_wav
from tools.web_client import node_home

Samples = npt.NDArray[np.float64]
Make = Callable[[dict[str, Samples], Rendition, Path], Coroutine[Any, Any, tuple[dict[str, bytes], dict[str, Any]]]]

ROOT = Path(__file__).resolve().parents[2]
RATE = 44_100
SITE = "http://localhost:1"

_BUNDLE = """
import { rolldown } from "./node_modules/rolldown/dist/index.mjs";
const [source, file, name] = process.argv.slice(1);
const bundle = await rolldown({ input: source, resolve: { alias: { "@": process.cwd() + "/src" } } });
await bundle.write({ file, format: "iife", name, codeSplitting: false });
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
    return _stream(progressive, file.duration_ms)


def _stream(file: dict[str, Any], duration_ms: int) -> dict[str, Any]:
    return {
        "progressive": [file],
        "preview": None,
        "duration_ms": duration_ms,
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
            files[f"{name}.{made.container}"] = made.path.read_bytes()
            table[name] = describe(made, rendition, f"/{name}.{made.container}")
    finally:
        await codecs.close()
    return files, table


async def cut(parts: dict[str, Samples], rendition: Rendition, folder: Path) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Each part in pieces, made one by one, with a length in whole milliseconds: as of a library's track."""
    files, table = {}, {}
    codecs = LocalCodecs(concurrency=1)
    try:
        for name, part in parts.items():
            source = write_wav(folder / f"{name}.wav", np.repeat(part[:, None], 2, axis=1), rate=RATE)
            grid = Grid(rendition, len(part) * 1000 // RATE * RATE // 1000, 0, None)
            files[f"{name}-init.mp4"] = first_bytes(grid)
            for number in range(grid.segments):
                piece = folder / f"{name}-{number}.m4s"
                await codecs.segment(source, grid.segment(number), piece)
                files[piece.name] = piece.read_bytes()
            table[name] = _in_pieces(grid, name)
    finally:
        await codecs.close()
    return files, table


def _in_pieces(grid: Grid, name: str) -> dict[str, Any]:
    """As the player keeps what the server calls segmented."""
    rendition, url = grid.rendition, f"/{name}-{{n}}.m4s"
    file = {
        "url": url,
        "quality": rendition.quality,
        "codec": rendition.codec,
        "container": "mp4",
        "mime": grid.mime,
        "bytes": 0,
        "bitrate_kbps": grid.kbps,
        "sample_rate": rendition.sample_rate,
        "channels": 2,
        "delay_samples": grid.delay,
        "padding_samples": grid.padding,
        "total_samples": grid.total,
        "init_range": None,
        "index_range": None,
        "on_demand": True,
        "pieces": {
            "initUrl": f"/{name}-init.mp4",
            "url": url,
            "samples": grid.segment_frames * grid.frame,
            "count": grid.segments,
        },
    }
    return _stream(file, grid.total * 1000 // rendition.sample_rate)


def answers(table: dict[str, Any]) -> dict[str, bytes]:
    """What the server says of tracks in pieces when somebody keeps them: that they may be, and how."""
    said: dict[str, Any] = {}
    for name, stream in table.items():
        [file] = stream["progressive"]
        pieces = file["pieces"]
        links = {"init_url": pieces["initUrl"], "segment_url": pieces["url"]}
        segmented = {**file, **links, "segment_samples": pieces["samples"], "segments": pieces["count"]}
        said[f"offline?content_id={name}"] = [{"content_id": name, "refused": None, "expires_at": None}]
        said[name] = {**stream, "progressive": [], "segmented": [segmented]}
    return {name: json.dumps(words).encode() for name, words in said.items()}


async def serve(page: Page, files: dict[str, bytes]) -> None:
    """The site without a socket: whole files, or the one range asked for."""
    types = {"html": "text/html", "js": "text/javascript", "mp4": "audio/mp4", "m4s": "audio/mp4"}

    async def answer(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[1]
        body = files.get(name)
        if body is None:
            await route.fulfill(status=404)
            return
        kind = "application/json" if "/api/" in route.request.url else types.get(name.rpartition(".")[2], "audio/mpeg")
        headers = {"Content-Type": kind}
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", route.request.headers.get("range", ""))
        if asked is None:
            await route.fulfill(status=200, headers=headers, body=body)
            return
        first, last = int(asked[1]), min(int(asked[2] or len(body)), len(body) - 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
        await route.fulfill(status=206, headers=headers, body=body[first : last + 1])

    await page.route(f"{SITE}/**", answer)


def samples(text: str) -> Samples:
    return np.frombuffer(base64.b64decode(text), dtype="<f4").astype(np.float64)
