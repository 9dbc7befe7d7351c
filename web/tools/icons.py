"""Draws the application's icons: `python web/tools/icons.py` after a change of the mark; commit what it writes."""

from pathlib import Path

import pyvips

OUT = Path(__file__).parent.parent / "public" / "icons"
MARK = """
  <g transform="translate({at} {at}) scale({scale})">
    <path d="M16 9v13.5" stroke="#f5f3ef" stroke-width="2" stroke-linecap="round"/>
    <g transform="translate(9.5 22) skewY(-4) translate(-9.5 -22)">
      <rect x="4" y="17.5" width="11" height="9.5" rx="1.5" fill="#6f8cff"/>
    </g>
    <g transform="translate(22.5 9.5) skewY(-4) translate(-22.5 -9.5)">
      <rect x="17" y="5" width="11" height="9.5" rx="1.5" fill="#ff5c39"/>
    </g>
  </g>"""


def drawing(*, corner: float, mark: float) -> str:
    """An icon on a 512-unit square; `corner` is the radius, `mark` the share of the width that the mark takes."""
    at = 512 * (1 - mark) / 2
    inside = MARK.format(at=round(at, 2), scale=round(512 * mark / 32, 4))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512" fill="none">\n'
        f'  <rect width="512" height="512" rx="{corner}" fill="#121319"/>{inside}\n</svg>\n'
    )


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    rounded = drawing(corner=112, mark=0.74)
    # A maskable icon is cut to any shape: its mark stays inside the middle 80 %.
    full = drawing(corner=0, mark=0.58)
    (OUT / "icon.svg").write_text(rounded)
    for name, svg, size in (
        ("icon-32", rounded, 32),
        ("icon-192", rounded, 192),
        ("icon-512", rounded, 512),
        ("maskable-512", full, 512),
        ("apple-touch-180", full, 180),
    ):
        image = pyvips.Image.svgload_buffer(svg.encode(), scale=size / 512)
        image.write_to_file(str(OUT / f"{name}.png"), compression=9, strip=True)


if __name__ == "__main__":
    main()
