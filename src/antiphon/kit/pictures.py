"""Pictures that are drawn, not uploaded."""

from __future__ import annotations

from io import BytesIO

import segno

__all__ = ["qr_code"]


def qr_code(text: str) -> str:
    """An SVG document of its own, black on white whatever the page's colours are."""
    drawn = BytesIO()
    segno.make_qr(text, error="m").save(
        drawn, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, xmldecl=False, nl=False
    )
    return drawn.getvalue().decode()
