"""One installation for all journeys of this folder, with a library of which each has an album to itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest

from tests.support.audio import tone, write_wav
from tests.support.product import Product, until

ALBUMS: Mapping[tuple[str, str], Mapping[str, float]] = {  # (artist, album) → track → seconds
    ("Marrow", "Salt"): {"Undertow": 4.0, "Ebb": 40.0},  # a short one, and one that is long enough to be sought in
    ("Shoal", "Brine"): {"Drift": 60.0, "Swell": 120.0, "Surge": 60.0},
    ("Estuary", "Tides"): {"Flood": 240.0, "Neap": 120.0, "Slack": 240.0},  # long enough for a server to come again
    ("Eddy", "Pocket"): {"Riptide": 6.0},
}


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Its music, without any picture, is heard as it lies there. A journey may stop it, and starts it again."""
    folder = tmp_path_factory.mktemp("music")
    for (artist, album), tracks in ALBUMS.items():
        (folder / "library" / artist / album).mkdir(parents=True)
        for number, (title, seconds) in enumerate(tracks.items(), start=1):
            path = folder / "library" / artist / album / f"0{number} - {title}.wav"
            write_wav(path, tone(seconds, hertz=220.0 * number, channels=1))
    made = Product(folder / "home", folder / "serve.log")
    made.start()
    for words in (["add", str(folder / "library"), "--name", "Attic", "--access", "everyone"], ["scan"]):
        command = [sys.executable, "-m", "antiphon.entry.cli", "library", *words]
        subprocess.run(command, env=made.env, check=True, capture_output=True)
    titles = [title for tracks in ALBUMS.values() for title in tracks]
    assert until(lambda: made.finds(*titles), within_s=90), made.log.read_text(errors="replace")[-4000:]
    yield made
    made.end()
