"""Covers: scaled, turned upright, in sRGB, without metadata, as WebP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyvips

from antiphon.adapters.codecs.wire import Limits, Refusal
from antiphon.adapters.codecs.worker.bounds import Budget
from antiphon.domains.media.ports import PictureFile

__all__ = ["guarded", "opaque", "scale"]

# libvips loaders that may meet foreign bytes; every other one (SVG, PDF, ImageMagick, raw samples …) stays blocked.
_LOADERS = ("Jpeg", "Png", "Webp", "Nsgif", "Tiff", "Heif")
_QUALITY = 82
_LONGEST_EDGE = 32_768
_SAMPLED = 64  # pixels a side for the dominant colour


def scale(data: bytes, sizes: Sequence[int], limits: Limits, budget: Budget) -> tuple[str, tuple[PictureFile, ...]]:
    """The dominant colour and a WebP for each size that the picture reaches, always one for the smallest.

    Raises `Refusal` with `bad_picture` for what is no picture, damaged, or larger than `limits.picture_pixels`.
    """
    guarded()
    try:
        return _scale(data, sorted(set(sizes)), limits)
    except pyvips.Error as error:
        raise Refusal("bad_picture") from error


def guarded() -> None:
    """One thread, nothing kept, and no loader that has no business here."""
    pyvips.cache_set_max(0)
    pyvips.concurrency_set(1)
    pyvips.operation_block_set("VipsForeignLoad", True)
    for loader in _LOADERS:
        pyvips.operation_block_set(f"VipsForeignLoad{loader}", False)


def _scale(data: bytes, sizes: Sequence[int], limits: Limits) -> tuple[str, tuple[PictureFile, ...]]:
    header = pyvips.Image.new_from_buffer(data, "", access="sequential")
    longest = max(header.width, header.height)
    if header.width * header.height > limits.picture_pixels or longest > _LONGEST_EDGE:
        raise Refusal("bad_picture", "This picture has too many pixels.")
    wanted = [size for size in sizes if size <= longest] or [sizes[0]]
    largest = pyvips.Image.thumbnail_buffer(
        data,
        wanted[-1],
        height=wanted[-1],
        size="down",
        output_profile="srgb",
        intent="perceptual",
        option_string="[fail_on=error]",
    )
    largest = opaque(largest).copy_memory()
    files = []
    for size in wanted:
        scaled = largest if size == wanted[-1] else largest.thumbnail_image(size, height=size, size="down")
        encoded: bytes = scaled.webpsave_buffer(Q=_QUALITY, effort=4, keep="none")
        files.append(PictureFile(size=size, width=scaled.width, height=scaled.height, data=encoded))
    return _dominant(largest), tuple(files)


def opaque(image: Any) -> Any:
    """Three 8-bit bands; what shines through is white."""
    if image.interpretation != "srgb":
        image = image.colourspace("srgb")
    if image.hasalpha():
        image = image.flatten(background=255)
    return image.cast("uchar")


def _dominant(image: Any) -> str:
    """The mean of the commonest colour of a coarse cube, where colourful cells count for more than grey ones."""
    small = image.thumbnail_image(_SAMPLED, height=_SAMPLED, size="force")
    pixels = np.frombuffer(small.write_to_memory(), dtype=np.uint8).reshape(-1, small.bands)[:, :3].astype(np.int32)
    cells = (pixels[:, 0] >> 5) << 6 | (pixels[:, 1] >> 5) << 3 | pixels[:, 2] >> 5
    colourful = 1.0 + (pixels.max(axis=1) - pixels.min(axis=1)) / 64.0
    fullest = int(np.bincount(cells, weights=colourful, minlength=512).argmax())
    red, green, blue = np.rint(pixels[cells == fullest].mean(axis=0)).astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"
