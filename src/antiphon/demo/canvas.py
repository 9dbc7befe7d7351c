"""From shapes to pictures: SVG fragments, a rasteriser and film grain. Pictures are square, 1600 pixels wide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyvips
from numpy.typing import NDArray

SIZE = 1600
Pixels = NDArray[np.floating[Any]]
Point = tuple[float, float]


def colour(code: str) -> Pixels:
    """``#rrggbb`` as three floats within 0 and 1."""
    return np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], np.float32) / np.float32(255)


def svg(body: str, definitions: str = "") -> str:
    """A whole drawing of the standard size."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" viewBox="0 0 {SIZE} {SIZE}">'
        f"<defs>{definitions}</defs>{body}</svg>"
    )


def gradient(name: str, stops: Sequence[tuple[float, str]], *, angle: str = "vertical") -> str:
    """A linear gradient to be filled with ``url(#name)``."""
    ends = {"vertical": "x1='0' y1='0' x2='0' y2='1'", "horizontal": "x1='0' y1='0' x2='1' y2='0'"}[angle]
    marks = "".join(f"<stop offset='{offset}' stop-color='{code}'/>" for offset, code in stops)
    return f"<linearGradient id='{name}' {ends}>{marks}</linearGradient>"


def blur(name: str, radius: float) -> str:
    """A filter that softens what it is put on."""
    return (
        f"<filter id='{name}' x='-50%' y='-50%' width='200%' height='200%'>"
        f"<feGaussianBlur stdDeviation='{radius}'/></filter>"
    )


def rect(x: float, y: float, width: float, height: float, fill: str, *, radius: float = 0, more: str = "") -> str:
    size = f"width='{width:.1f}' height='{height:.1f}'"
    return f"<rect x='{x:.1f}' y='{y:.1f}' {size} rx='{radius:.1f}' fill='{fill}' {more}/>"


def circle(x: float, y: float, radius: float, fill: str, more: str = "") -> str:
    return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{radius:.1f}' fill='{fill}' {more}/>"


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, more: str = "") -> str:
    return f"<ellipse cx='{x:.1f}' cy='{y:.1f}' rx='{rx:.1f}' ry='{ry:.1f}' fill='{fill}' {more}/>"


def path(data: str, fill: str = "none", *, stroke: str = "none", width: float = 0, more: str = "") -> str:
    return (
        f"<path d='{data}' fill='{fill}' stroke='{stroke}' stroke-width='{width}' stroke-linecap='round' "
        f"stroke-linejoin='round' {more}/>"
    )


def line(points: Sequence[Point]) -> str:
    """Path data of a polyline; enough points make it a curve."""
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def group(body: str, more: str = "") -> str:
    return f"<g {more}>{body}</g>"


def rasterise(drawing: str) -> Pixels:
    """The pixels of a drawing, ``(height, width, 3)`` within 0 and 1."""
    image = pyvips.Image.svgload_buffer(drawing.encode()).flatten(background=[0, 0, 0])
    pixels: Pixels = image.numpy()[:, :, :3].astype(np.float32) / np.float32(255)
    return pixels


def finish(pixels: Pixels, seed: int, grain: float = 0.022, vignette: float = 0.06) -> bytes:
    """Adds grain and a slight fall of light to the corners, and encodes as WebP."""
    rng = np.random.default_rng(seed)
    height, width = pixels.shape[:2]
    dust = rng.standard_normal((height, width), dtype=np.float32)
    dust = 0.6 * dust + 0.4 * (np.roll(dust, 1, 0) + np.roll(dust, 1, 1))
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    light = 1.0 - vignette * (x * x + y * y)
    out = pixels * light[:, :, None] + grain * dust[:, :, None]
    data = np.ascontiguousarray(np.clip(out * 255.0 + 0.5, 0, 255).astype(np.uint8))
    image = pyvips.Image.new_from_memory(data.tobytes(), width, height, 3, "uchar").copy(interpretation="srgb")
    encoded: bytes = image.webpsave_buffer(Q=88, effort=2)
    return encoded
