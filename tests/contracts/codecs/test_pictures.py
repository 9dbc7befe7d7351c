"""Covers out of hostile bytes."""

from __future__ import annotations

import asyncio
import struct
import zlib

import pytest
import pyvips

from antiphon.adapters.codecs import LocalCodecs
from antiphon.domains.media.errors import MediaRejected
from tests.support.audio import png

SIZES = [160, 320, 640, 1280]


def photo(width: int, height: int) -> pyvips.Image:
    """Red on the left, blue on the right."""
    return plain(width // 2, height, 230, 20, 20).join(plain(width - width // 2, height, 20, 20, 230), "horizontal")


def plain(width: int, height: int, *bands: int, interpretation: str = "srgb") -> pyvips.Image:
    image = pyvips.Image.black(width, height, bands=len(bands)).linear(1, list(bands))
    return image.cast("uchar").copy(interpretation=interpretation)


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp", ".gif", ".tiff", ".avif"])
async def test_every_common_format(local: LocalCodecs, ending: str) -> None:
    _, files = await local.pictures(photo(700, 500).write_to_buffer(ending), SIZES)
    assert [(one.size, one.width, one.height) for one in files] == [(160, 160, 114), (320, 320, 229), (640, 640, 457)]


async def test_turned_upright_and_without_metadata(local: LocalCodecs) -> None:
    image = photo(400, 200).copy()
    image.set_type(pyvips.GValue.gint_type, "orientation", 6)
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd0-Artist", "somebody at home")
    _, (small,) = await local.pictures(image.write_to_buffer(".jpg"), [160])
    assert (small.width, small.height) == (80, 160)
    upright = pyvips.Image.new_from_buffer(small.data, "")
    assert not [name for name in upright.get_fields() if "exif" in name or "xmp" in name or "orientation" in name]
    top = upright(40, 20)
    assert top[0] > 200
    assert top[2] < 60


@pytest.mark.parametrize("colour", [(200, 30, 40), (0, 0, 0), (255, 255, 255), (12, 140, 90)])
async def test_the_dominant_colour(local: LocalCodecs, colour: tuple[int, int, int]) -> None:
    found, _ = await local.pictures(png(300, 300, colour), [160])
    assert found == "#{:02x}{:02x}{:02x}".format(*colour)


async def test_colour_counts_for_more_than_grey(local: LocalCodecs) -> None:
    image = plain(300, 160, 128, 128, 128).join(plain(300, 140, 220, 10, 10), "vertical")
    found, _ = await local.pictures(image.write_to_buffer(".png"), [160])
    red, green, blue = bytes.fromhex(found[1:])
    assert red > 200
    assert max(green, blue) < 30


async def test_cmyk_and_transparency_become_srgb(local: LocalCodecs) -> None:
    cmyk = plain(100, 100, 0, 255, 255, 0, interpretation="cmyk")
    clear = plain(100, 100, 10, 10, 10, 0)
    for image, ending, expected in ((cmyk, ".jpg", (200, 60)), (clear, ".png", (255, 255))):
        _, (small,) = await local.pictures(image.write_to_buffer(ending), [160])
        shown = pyvips.Image.new_from_buffer(small.data, "")
        red, green, *_ = shown(50, 50)
        assert shown.bands == 3
        assert (red >= expected[0], green <= expected[1]) == (True, True)


def bomb(width: int, height: int) -> bytes:
    """A small file that says it is large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        bomb(20_000, 20_000),
        bomb(60_000, 10),
        png(500, 500, (1, 2, 3))[:60],
        photo(500, 500).write_to_buffer(".jpg")[:2000],
        b"%PDF-1.7\n1 0 obj<<>>endobj",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>',
        b"P6 100 100 255\n" + bytes(30_000),
        b"\xff\xd8\xff\xe0" + bytes(500),
        b"nothing at all",
    ],
    ids=["pixels", "edge", "cut png", "cut jpeg", "pdf", "svg", "ppm", "jpeg", "text"],
)
async def test_refused(local: LocalCodecs, data: bytes) -> None:
    with pytest.raises(MediaRejected) as rejected:
        await local.pictures(data, SIZES)
    assert rejected.value.reason == "bad_picture"


async def test_a_large_photograph_fits_the_memory(local: LocalCodecs) -> None:
    data = await asyncio.to_thread(lambda: photo(8000, 6000).write_to_buffer(".jpg"))
    _, files = await local.pictures(data, SIZES)
    assert [one.size for one in files] == SIZES


@pytest.mark.parametrize(("longest", "wanted"), [(1000, 300), (1000, 667), (1000, 200), (1000, 80), (451, 300)])
async def test_a_jpeg_that_is_scaled_as_it_is_decoded_looks_the_same(
    local: LocalCodecs, longest: int, wanted: int
) -> None:
    sharp = photo(longest, longest * 3 // 5).draw_circle(255, longest // 3, longest // 4, longest // 9, fill=True)
    data = sharp.jpegsave_buffer(Q=95)
    made = pyvips.Image.new_from_buffer(await local.picture(data, wanted, "jpeg"), "")
    height = round(wanted * 3 / 5)
    assert (made.width, made.height) == (wanted, pytest.approx(height, abs=1))
    whole = pyvips.Image.new_from_buffer(data, "").resize(wanted / longest, vscale=made.height / sharp.height)
    assert ((whole.cast("float") - made.cast("float")) ** 2).avg() < 100  # 28 dB, of which JPEG again is the most


async def test_a_jpeg_that_is_scaled_as_it_is_decoded_is_turned_upright_and_whole(local: LocalCodecs) -> None:
    image = photo(1000, 500).copy()
    image.set_type(pyvips.GValue.gint_type, "orientation", 6)
    data = image.write_to_buffer(".jpg")
    made = pyvips.Image.new_from_buffer(await local.picture(data, 100, "jpeg"), "")
    assert (made.width, made.height) == (50, 100)
    red, _, blue = made(25, 20)[:3]
    assert red > 200 > 60 > blue
    for broken in (data[: len(data) // 2], data[:300]):
        with pytest.raises(MediaRejected):
            await local.picture(broken, 100, "jpeg")
