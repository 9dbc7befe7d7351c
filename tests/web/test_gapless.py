"""Two tracks that were one recording sound like one recording again: measured on what Chromium puts out."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from playwright.async_api import Page, Route, async_playwright

from antiphon.adapters.codecs.local import LocalCodecs
from antiphon.domains.media.ports import EncodedFile, Rendition
from tests.support.audio import write_wav
from tools.web_client import node_home

Samples = npt.NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[2]
RATE = 44_100
HERTZ = 441.0
CUT = 4 * RATE + 16_337  # on no frame of any codec
LENGTH = CUT + 3 * RATE + 77
SITE = "http://localhost:1"
ATTEMPTS = 3

BUNDLE = """
import { rolldown } from "./node_modules/rolldown/dist/index.mjs";
const resolve = { alias: { "@": process.cwd() + "/src" } };
const bundle = await rolldown({ input: "src/player/engine/engine.ts", resolve });
await bundle.write({ file: process.argv[1], format: "iife", name: "Engine" });
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client's playback engine as one script."""
    if not (ROOT / "web" / "node_modules" / "rolldown").is_dir():
        pytest.skip("the web client's packages are not installed")
    target = tmp_path_factory.mktemp("engine") / "engine.js"
    node = node_home() / "bin" / "node"
    subprocess.run([node, "--input-type=module", "-e", BUNDLE, target], cwd=ROOT / "web", check=True, timeout=120)
    return target


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        browser = await playwright.chromium.launch(executable_path=chromium, args=flags)
        yield await browser.new_page()
        await browser.close()


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


def around_the_seam(sound: Samples, start_s: float) -> Samples:
    """0.6 s before and after the place where the second track begins."""
    first = int(np.flatnonzero(np.abs(sound) > 1e-3)[0])
    seam = first + CUT - round(start_s * RATE)
    return sound[seam - round(0.6 * RATE) : seam + round(0.6 * RATE)]


def shift(sound: Samples) -> float:
    """By how many samples the end of the excerpt is late against its beginning; modulo one period of the tone."""
    time = np.arange(len(sound)) / RATE
    wave = np.exp(-2j * np.pi * HERTZ * time)
    part = round(0.4 * RATE)
    before, after = np.angle(np.sum((sound * wave)[:part])), np.angle(np.sum((sound * wave)[-part:]))
    turn = (after - before + np.pi) % (2 * np.pi) - np.pi
    return float(-turn / (2 * np.pi) * RATE / HERTZ)


def quietest(sound: Samples) -> float:
    """The least level within any 5 ms, RMS."""
    width = round(0.005 * RATE)
    return float(np.sqrt(np.convolve(sound**2, np.ones(width) / width, "valid").min()))


@pytest.mark.browser
@pytest.mark.parametrize(
    ("quality", "codec", "bitrate_kbps", "residue"),
    [("aac_320", "aac", 320, 0.12), ("flac", "flac", None, 0.001)],
)
async def test_a_recording_cut_in_two_joins_without_a_gap(
    page: Page, engine: Path, tmp_path: Path, quality: str, codec: str, bitrate_kbps: int | None, residue: float
) -> None:
    signal = 0.5 * np.sin(2 * np.pi * HERTZ * np.arange(LENGTH) / RATE)
    rendition = Rendition(quality, codec, bitrate_kbps, RATE, 2, 16 if codec == "flac" else None)
    codecs = LocalCodecs(concurrency=1)
    files = {
        "gapless.html": (Path(__file__).parent / "gapless.html").read_bytes(),
        "engine.js": engine.read_bytes(),
    }
    table = {}
    try:
        for name, part in (("first", signal[:CUT]), ("second", signal[CUT:])):
            write_wav(tmp_path / f"{name}.wav", np.repeat(part[:, None], 2, axis=1), rate=RATE)
            made = await codecs.encode(tmp_path / f"{name}.wav", rendition, tmp_path / name)
            files[f"{name}.mp4"] = made.path.read_bytes()
            table[name] = describe(made, rendition, f"/{name}.mp4")
    finally:
        await codecs.close()
    await serve(page, files)

    start_s = 3.2
    wish = "lossless" if codec == "flac" else "high"
    for attempt in range(1, ATTEMPTS + 1):
        await page.goto(f"{SITE}/gapless.html")
        answer = await page.evaluate("([table, start, wish]) => play(table, start, wish)", [table, start_s, wish])
        sound = np.frombuffer(base64.b64decode(answer["sound"]), dtype="<f4").astype(np.float64)
        seam = around_the_seam(sound, start_s)
        # A machine that is too busy drops blocks of its own: the join is as good as its best hearing.
        if (quietest(seam) > 0.25 and abs(shift(seam)) < 0.05) or attempt == ATTEMPTS:
            break
    assert answer["crossed"] == 1
    assert quietest(seam) > 0.25
    assert abs(shift(seam)) < 0.05
    time = np.arange(len(seam)) / RATE
    basis = np.stack([np.cos(2 * np.pi * HERTZ * time), np.sin(2 * np.pi * HERTZ * time)], axis=1)
    fit, *_ = np.linalg.lstsq(basis, seam, rcond=None)
    assert np.abs(seam - basis @ fit).max() < residue
