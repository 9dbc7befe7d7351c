"""Pages of shared links: the client's page, with a head that says to other programs what is shown."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from antiphon.domains.social import api as social
from antiphon.entry.bootstrap import House
from antiphon.entry.http.asgi_types import ASGIApp, Receive, Scope, Send
from antiphon.entry.http.client import PAGE_WORDS, PageWords

__all__ = ["SHARE_PATHS", "share_app"]

SHARE_PATHS = "/share/"
_NO_INDEX = '<meta name="robots" content="noindex">'


def share_app(house: House, pages: ASGIApp) -> ASGIApp:
    """A link that leads nowhere is a page too, which says so."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        share_id = scope["path"][len(SHARE_PATHS) :]
        card = await social.share_card(house.db, share_id)
        head = _NO_INDEX + (_described(house.settings.site_url.rstrip("/"), share_id, card) if card else "")
        await pages({**scope, PAGE_WORDS: PageWords(head.encode())}, receive, send)

    return app


def _described(site: str, share_id: str, card: social.ShareCard) -> str:
    """By the Open Graph protocol, which what shows previews of links reads."""
    said = {
        "og:site_name": "Antiphon",
        "og:type": "website",
        "og:title": card.title,
        "og:description": card.words,
        "og:url": f"{site}{SHARE_PATHS}{quote(share_id)}",
        "og:image": f"{site}{card.picture}" if card.picture else "",
    }
    return "".join(f'<meta property="{name}" content="{escape(value)}">' for name, value in said.items() if value)
