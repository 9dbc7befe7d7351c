"""Covers and portraits of the demo, drawn by code. All are 1600 pixels square WebP, CC0."""

from __future__ import annotations

import numpy as np

from antiphon.demo.canvas import (
    SIZE,
    Pixels,
    blur,
    circle,
    colour,
    ellipse,
    finish,
    gradient,
    group,
    line,
    path,
    rasterise,
    rect,
    svg,
)
from antiphon.demo.catalogue import DemoAlbum, DemoArtist

_JUMPER = "M250 1600 C260 1290 470 1130 800 1130 C1130 1130 1340 1290 1350 1600 Z"


def render_cover(album: DemoAlbum) -> bytes:
    """The cover of an album; an unknown key is a KeyError."""
    return {
        "maps-of-calm": _maps_of_calm,
        "night-bus-to-varna": _night_bus,
        "five-rivers-seven-bridges": _bridges,
    }[album.key]()


def render_portrait(artist: DemoArtist) -> bytes:
    """The picture of an artist; an unknown key is a KeyError."""
    return {"lumen-fjara": _pianist, "velvet-relay": _duo, "quince-and-copper": _still_life}[artist.key]()


def _mix(a: Pixels, b: Pixels, share: Pixels) -> Pixels:
    return a + (b - a) * share[..., None]


def _maps_of_calm() -> bytes:
    """A sea drawn as the contour lines of a map, under a low sun."""
    horizon = 0.47
    y, x = np.mgrid[0 : 1 : SIZE * 1j, 0 : 1 : SIZE * 1j].astype(np.float32)
    up = np.clip(y / horizon, 0, 1)
    sky = _mix(colour("#7fa3ad")[None, None], colour("#f4dcc6")[None, None], up**1.4)
    from_sun = np.hypot(x - 0.62, y - 0.36)
    sky = _mix(sky, colour("#fff4e2")[None, None], 0.75 * np.exp(-((from_sun / 0.16) ** 2)))
    sky = _mix(sky, colour("#ee7f5d")[None, None], np.clip((0.105 - from_sun) * SIZE, 0, 1))

    down = np.clip((y - horizon) / (1 - horizon), 1e-4, 1)
    far = 1.0 / (down + 0.11)
    u, v = (x - 0.5) * far * 1.1, far
    height = (
        np.sin(1.7 * u + 0.6 * v) + np.sin(0.9 * u - 1.3 * v + 1.0) + 0.6 * np.sin(2.9 * u + 2.1 * v + 2.0)
        + 0.35 * np.sin(5.3 * u - 1.1 * v) + 2.2 * np.exp(-((u + 0.75) ** 2 + (v - 1.55) ** 2) / 0.18)
    ) * 2.6  # fmt: skip
    slope_y, slope_x = np.gradient(height)
    slope = np.hypot(slope_x, slope_y) + 1e-6
    distance = np.abs(height - np.round(height)) / slope
    thick = np.abs(height / 4 - np.round(height / 4)) * 4 / slope
    ink = np.clip(1.5 - distance, 0, 1) * np.clip(0.42 / slope, 0, 1) * 0.75
    ink = np.maximum(ink, np.clip(2.4 - thick, 0, 1) * np.clip(0.42 / slope, 0, 1))
    sea = _mix(colour("#2c5f69")[None, None], colour("#0f2a35")[None, None], down**0.8)
    glow = np.exp(-(((x - 0.62) / (0.05 + 0.12 * down)) ** 2))
    foam = _mix(colour("#cfe3dc")[None, None], colour("#ff9d78")[None, None], glow)
    sea = _mix(sea, colour("#e88a68")[None, None], 0.28 * glow * (1 - down) ** 2)
    sea = sea + (foam - sea) * (ink * (0.35 + 0.65 * down))[..., None]
    return finish(np.where((y > horizon)[..., None], sea, sky), 11)


def _night_bus() -> bytes:
    """Lamps drawn out into lines by a moving window; a small bus under them."""
    rng = np.random.default_rng(22)
    tints = ["#ffb13d", "#ff7a3c", "#ff4f5e", "#d63a8e", "#8a3fc4", "#4a58d8", "#3fc3dd"]
    bars = ""
    for row in range(15):
        y = 210 + row * 62
        x = float(rng.uniform(-260, 60))
        while x < SIZE:
            length = float(rng.choice([70, 130, 240, 420, 640]))
            tint = tints[min(6, int(row / 15 * 7 + rng.uniform(-0.9, 0.9)) % 7)]
            if rng.random() < 0.72:
                bars += rect(x, y, length, 26, tint, radius=13, more=f"opacity='{rng.uniform(0.55, 1):.2f}'")
            x += length + float(rng.choice([36, 60, 110, 190]))
    window = "<clipPath id='pane'><rect x='150' y='170' width='1300' height='960' rx='110'/></clipPath>"
    glass = group(
        rect(0, 0, SIZE, SIZE, "url(#dusk)") + group(bars, "filter='url(#soft)' opacity='0.85'") + bars
        + path("M150 1130 L760 170 L1010 170 L400 1130 Z", "#ffffff", more="opacity='0.05'")
        + path("M1080 1130 L1450 545 L1450 700 L1180 1130 Z", "#ffffff", more="opacity='0.05'"),
        "clip-path='url(#pane)'",
    )  # fmt: skip
    road = rect(0, 1364, SIZE, 4, "#f2c98f") + "".join(
        rect(40 + i * 200, 1430, 96, 8, "#57406a", radius=4) for i in range(8)
    )
    bus = rect(960, 1262, 330, 84, "#ff7a3c", radius=20) + "".join(
        rect(984 + i * 48, 1280, 36, 28, "#ffe2ad", radius=6) for i in range(6)
    )
    bus += circle(1030, 1346, 20, "#120c22") + circle(1220, 1346, 20, "#120c22")
    bus += path("M1290 1318 L1560 1364 L1290 1364 Z", "#ffe2ad", more="opacity='0.35'")
    defs = gradient("dusk", [(0, "#150f33"), (0.55, "#2c1550"), (1, "#57204f")]) + blur("soft", 22) + window
    base = rect(0, 0, SIZE, SIZE, "#120c22") + rect(130, 150, 1340, 1000, "#241a3a", radius=128)
    return finish(rasterise(svg(base + glass + road + bus, defs)), 22, grain=0.03)


def _arch(middle: float, top: float, half: float, foot: float) -> str:
    """Path data of a round arch, filled down to its foot."""
    left, right, spring = middle - half, middle + half, top + half
    return f"M{left} {foot} L{left} {spring} A{half} {half} 0 0 1 {right} {spring} L{right} {foot} Z"


def _bridges() -> bytes:
    """Seven bridges over five rivers in cut paper, and a quince for a sun."""
    body = rect(0, 0, SIZE, SIZE, "#f3e7d1") + circle(1130, 400, 215, "#e9b633")
    body += path("M1130 200 C1110 120 1150 80 1240 66 C1236 150 1196 190 1130 200 Z", "#3f6b4b")
    body += path("M1000 330 C1030 280 1080 255 1130 250", stroke="#f6d878", width=22)
    tints = ["#b8562d", "#1f4d4a", "#d98b3a", "#7a2f2b", "#2f6f73", "#c8703f", "#173b3f"]
    left = 72.0
    for number, tint in enumerate(tints):
        width = 165 + 24 * ((number * 3) % 5)
        top = 760 - 34 * ((number * 2) % 5)
        body += path(_arch(left + width / 2, top, width / 2, 1080), tint)
        inner = width * 0.27
        body += path(_arch(left + width / 2, top + width * 0.62 - inner, inner, 1090), "#f3e7d1")
        left += width - 2
    rivers = ["#173b3f", "#2f6f73", "#73a7a0", "#d98b3a", "#b8562d"]
    x = np.arange(-20, SIZE + 21, 10)
    for number, tint in enumerate(rivers):
        y = 1010 + 112 * number + (20 + 7 * number) * np.sin(x / (150 + 22 * number) + 1.3 * number)
        edge = list(zip(x.tolist(), y.tolist(), strict=True))
        body += path(line([*edge, (SIZE + 20, SIZE + 20), (-20, SIZE + 20)]) + " Z", tint)
        ripple = [(px, py + 46) for px, py in edge]
        body += path(line(ripple), stroke="#f3e7d1", width=5, more="stroke-dasharray='90 60 20 70' opacity='0.55'")
    return finish(rasterise(svg(body)), 33, grain=0.026, vignette=0.04)


def _pianist() -> bytes:
    """A woman listening with her eyes closed, the tide on her jumper."""
    body = rect(0, 0, SIZE, SIZE, "url(#air)") + circle(800, 690, 520, "#f6e6d4", "opacity='0.55'")
    body += circle(1010, 300, 128, "#2a2f3a") + path(
        "M478 740 C440 360 640 262 800 262 C960 262 1160 360 1122 740 C1112 850 1050 860 1030 800 L570 800 "
        "C550 860 488 850 478 740 Z",
        "#2a2f3a",
    )
    body += rect(715, 900, 180, 240, "#e3b796", radius=70)
    body += path(_JUMPER, "#24525c")
    for number in range(6):
        y = 1240 + number * 66
        x = np.arange(180, 1421, 10)
        wave = y + 14 * np.sin(x / 62.0 + number * 1.2)
        body += path(line(list(zip(x.tolist(), wave.tolist(), strict=True))), stroke="#cfe3dc", width=7,
                     more="clip-path='url(#jumper)' opacity='0.75'")  # fmt: skip
    body += ellipse(800, 720, 255, 320, "#f0cba9")
    body += path("M545 720 C520 470 640 366 802 366 C790 470 620 560 590 760 C585 830 560 800 545 720 Z", "#2a2f3a")
    body += path(
        "M1055 720 C1080 470 960 366 798 366 C810 470 982 560 1012 760 C1016 830 1042 800 1055 720 Z", "#2a2f3a"
    )
    for eye in (690, 910):
        body += path(f"M{eye - 54} 735 C{eye - 30} 768 {eye + 30} 768 {eye + 54} 735", stroke="#5b3a33", width=9)
        body += circle(eye + (-34 if eye < 800 else 34), 832, 46, "#ee8f70", "opacity='0.35'")
    body += path("M800 750 C786 800 776 826 806 838", stroke="#c98d6c", width=9)
    body += path("M748 918 C780 936 826 936 856 914", stroke="#b85c4c", width=11)
    jumper = f"<clipPath id='jumper'><path d='{_JUMPER}'/></clipPath>"
    air = gradient("air", [(0, "#8fb3b8"), (0.65, "#f1cdb2"), (1, "#ee9d7c")])
    return finish(rasterise(svg(body, air + jumper)), 44)


def _head(x: float, skin: str, hair: str, coat: str, extras: str) -> str:
    body = path(
        f"M{x - 430} 1600 C{x - 420} 1270 {x - 250} 1120 {x} 1120 C{x + 250} 1120 {x + 420} 1270 {x + 430} 1600 Z", coat
    )
    body += rect(x - 80, 900, 160, 270, skin, radius=60)
    body += ellipse(x, 740, 225, 285, skin)
    body += path(
        f"M{x - 240} 720 C{x - 260} 420 {x - 90} 380 {x} 380 C{x + 120} 380 {x + 260} 430 {x + 238} 720 "
        f"C{x + 210} 620 {x + 140} 580 {x} 580 C{x - 140} 580 {x - 215} 620 {x - 240} 720 Z",
        hair,
    )
    return body + extras


def _duo() -> bytes:
    """Two people in the light of the desk, one with headphones, one with round glasses."""
    stripes = "".join(
        rect(0, 90 + i * 74, SIZE, 8 + 3 * (i % 4), "#ff7a3c" if i % 3 else "#d63a8e", more="opacity='0.32'")
        for i in range(21)
    )
    phones = path("M270 740 C260 320 840 320 830 740", stroke="#ffb13d", width=44)
    phones += rect(232, 660, 92, 210, "#ffb13d", radius=44) + rect(776, 660, 92, 210, "#ffb13d", radius=44)
    phones += path("M440 760 L500 760 M600 760 L660 760", stroke="#2b0f3f", width=16)
    phones += path("M500 925 C535 945 575 945 610 920", stroke="#2b0f3f", width=13)
    glasses = "".join(circle(x, 752, 76, "#3fc3dd", "opacity='0.55'") for x in (965, 1155))
    glasses += "".join(circle(x, 752, 76, "none", "stroke='#120c22' stroke-width='15'") for x in (965, 1155))
    glasses += path("M1041 745 L1079 745", stroke="#120c22", width=15)
    glasses += path("M1010 925 C1045 940 1075 940 1108 926", stroke="#2b0f3f", width=13)
    body = (
        rect(0, 0, SIZE, SIZE, "url(#night)")
        + stripes
        + circle(800, 620, 560, "#8a3fc4", "opacity='0.35' filter='url(#far)'")
    )
    body += _head(1060, "url(#right)", "#1a1030", "#3a58d0", glasses)
    body += _head(550, "url(#left)", "#3d1145", "#d63a8e", phones)
    defs = gradient("night", [(0, "#150f33"), (1, "#45184f")]) + blur("far", 90)
    defs += gradient("left", [(0, "#ff9a5a"), (1, "#f0566a")], angle="horizontal")
    defs += gradient("right", [(0, "#e0608e"), (1, "#7a62d8")], angle="horizontal")
    return finish(rasterise(svg(body, defs)), 55, grain=0.03)


def _still_life() -> bytes:
    """An oud, a frame drum and three quinces on a table."""
    body = rect(0, 0, SIZE, SIZE, "#2a5a58") + path("M0 0 L1600 0 L1600 620 C1100 760 500 520 0 690 Z", "#e7c9a0")
    body += rect(0, 1190, SIZE, 410, "#7a2f2b") + rect(0, 1190, SIZE, 16, "#5f2321")
    body += circle(1120, 820, 390, "#b8562d") + circle(1120, 820, 345, "#f0dcc0")
    body += circle(1120, 820, 250, "none", "stroke='#d8b98e' stroke-width='6'")
    for i in range(5):
        angle = 0.5 + i * 2 * np.pi / 5
        body += circle(1120 + 368 * float(np.cos(angle)), 820 + 368 * float(np.sin(angle)), 24, "#e9b633")
    neck = rect(-42, -760, 84, 480, "#3b1f1a", radius=10) + path("M-42 -750 L42 -750 L100 -905 L30 -925 Z", "#3b1f1a")
    neck += "".join(rect(44 + i * 9, -790 - i * 26, 54, 12, "#e7c9a0", radius=6) for i in range(5))
    bowl = path("M0 -330 C160 -260 330 -60 330 150 C330 350 180 470 0 470 C-180 470 -330 350 -330 150 "
                "C-330 -60 -160 -260 0 -330 Z", "#c8703f")  # fmt: skip
    bowl += path("M0 -290 C130 -230 286 -50 286 148 C286 320 158 428 0 428 C-158 428 -286 320 -286 148 "
                 "C-286 -50 -130 -230 0 -290 Z", "#e0a062")  # fmt: skip
    bowl += circle(0, 60, 96, "#3b1f1a") + "".join(
        path(
            "M0 60 m0 -88 a88 88 0 0 1 62 26 L0 60 Z",
            "#c8703f",
            more=f"transform='rotate({i * 60} 0 60)' opacity='0.8'",
        )
        for i in range(6)
    )
    bowl += rect(-120, 300, 240, 30, "#3b1f1a", radius=12)
    strings = "".join(rect(-32 + i * 13, -740, 3, 1050, "#f6ead2") for i in range(6))
    body += group(bowl + neck + strings, "transform='translate(575 930) rotate(-14) scale(0.9)'")
    for x, y, size in ((1010, 1230, 120), (1230, 1265, 138), (1440, 1225, 108)):
        body += ellipse(x, y + size * 0.92, size * 0.9, size * 0.16, "#4d1b19")
        body += ellipse(x, y, size * 0.98, size, "#e9b633")
        body += path(f"M{x - size * 0.5} {y - size * 0.4} C{x - size * 0.3} {y - size * 0.75} {x} {y - size * 0.8} "
                     f"{x + size * 0.1} {y - size * 0.8}", stroke="#f6d878", width=13)  # fmt: skip
        body += path(f"M{x} {y - size} C{x + 6} {y - size - 40} {x + 50} {y - size - 66} {x + 92} {y - size - 62} "
                     f"C{x + 84} {y - size - 22} {x + 48} {y - size - 2} {x} {y - size} Z", "#3f6b4b")  # fmt: skip
    return finish(rasterise(svg(body)), 66, grain=0.026, vignette=0.05)
