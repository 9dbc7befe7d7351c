"""The pictures of the demo decode, differ and come out the same each time."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import pyvips

from antiphon.demo import demo_albums, render_cover, render_portrait

PICTURES = {
    **{f"cover of {album.key}": (render_cover, album) for album in demo_albums()},
    **{f"portrait of {album.artist.key}": (render_portrait, album.artist) for album in demo_albums()},
}


@pytest.fixture(scope="module")
def pictures() -> dict[str, bytes]:
    return {name: draw(subject) for name, (draw, subject) in PICTURES.items()}  # type: ignore[operator]


def test_pictures_are_square_and_large(pictures: dict[str, bytes]) -> None:
    for name, data in pictures.items():
        image = pyvips.Image.new_from_buffer(data, "")
        assert (image.width, image.height, image.bands) == (1600, 1600, 3), name
        assert len(data) < 1_000_000
        assert image.deviate() > 20


def test_pictures_differ(pictures: dict[str, bytes]) -> None:
    small = {
        name: pyvips.Image.thumbnail_buffer(data, 32, height=32).numpy().astype(float)
        for name, data in pictures.items()
    }
    for a, b in itertools.combinations(small, 2):
        assert np.abs(small[a] - small[b]).mean() > 15, (a, b)


def test_a_picture_is_the_same_each_time(pictures: dict[str, bytes]) -> None:
    album = demo_albums()[0]
    assert render_cover(album) == pictures[f"cover of {album.key}"]
