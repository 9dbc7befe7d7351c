"""The network goes away in the middle of a track and comes back: the music goes on, and nothing of it is lost."""

from __future__ import annotations

from asyncio import get_running_loop
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Page, Route

from antiphon.domains.media.ports import Rendition
from tests.support.sounding import RATE, SITE, encoded, samples, serve

pytestmark = pytest.mark.browser

CUT_S = 30.0
HASTE = 5  # the page's timers run so much faster than the music, so that nobody need wait for half a minute
LENGTH_S = 10.0
QUICK = f"""const later = window.setTimeout;
window.setTimeout = (work, ms, ...given) => later(work, (ms ?? 0) / {HASTE}, ...given);"""


class Cut:
    """Lets the beginning of a file through, and nothing more for half a minute of the page's time."""

    def __init__(self, beginning: bytes, whole: int, kind: str) -> None:
        self.beginning, self.whole, self.kind = beginning, whole, kind
        self.back_at: float | None = None

    async def __call__(self, route: Route) -> None:
        now = get_running_loop().time()
        if self.back_at is None:
            self.back_at = now + CUT_S / HASTE
            last = len(self.beginning) - 1
            headers = {"Content-Type": self.kind, "Content-Range": f"bytes 0-{last}/{self.whole}"}
            await route.fulfill(status=206, headers=headers, body=self.beginning)
        elif now < self.back_at:
            await route.abort("internetdisconnected")
        else:
            await route.fallback()


@pytest.mark.parametrize(
    ("quality", "codec", "name", "kind"),
    [("aac_320", "aac", "first.mp4", "audio/mp4"), ("mp3_320", "mp3", "first.mp3", "audio/mpeg")],
)
async def test_a_cut_in_the_middle_is_waited_for(
    page: Page, scripts: dict[str, bytes], tmp_path: Path, quality: str, codec: str, name: str, kind: str
) -> None:
    time = np.arange(round(LENGTH_S * RATE)) / RATE
    tone = 0.4 * np.sin(2 * np.pi * 441.0 * time)
    rendition = Rendition(quality, codec, 320, RATE, 2, None)
    files, table = await encoded({"first": tone, "second": tone[:RATE]}, rendition, tmp_path)
    await serve(page, files | scripts)
    body = files[name]
    await page.route(f"{SITE}/{name}", Cut(body[: len(body) // 5], len(body), kind))

    await page.add_init_script(QUICK)
    await page.goto(f"{SITE}/gapless.html")
    answer = await page.evaluate("(asked) => play(...asked)", [table, 0, {"quality": "high"}])
    assert answer["crossed"] == 1
    assert "buffering" in answer["statuses"]
    assert "error" not in answer["statuses"]
    sound = samples(answer["sound"])
    heard = np.convolve(np.abs(sound) > 0.05, np.ones(441), "same") > 0
    # All of both tracks, but for what the ear does not miss at the places where it was taken up again.
    assert np.count_nonzero(heard) / RATE == pytest.approx(LENGTH_S + 1, abs=0.5)
    assert len(sound) / RATE > LENGTH_S + 1 + 3  # and there was a silence to wait through
