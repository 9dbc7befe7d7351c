"""A browser's tab without a browser: it keeps cookies and sends them as SameSite says."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

import httpx

from antiphon.entry.bootstrap import House
from antiphon.entry.http.app import create_app

__all__ = ["Tab"]

SITE = "http://localhost:8420"
PAGE = {"Antiphon-Session": "cookie", "Origin": SITE, "Sec-Fetch-Site": "same-origin"}


class Tab:
    """`visit` navigates, from a page of ours or sent by another site; `call` is what a page of ours asks for itself."""

    def __init__(self, house: House) -> None:
        transport = httpx.ASGITransport(app=create_app(house), raise_app_exceptions=False)  # type: ignore[arg-type]
        self.http = httpx.AsyncClient(transport=transport, base_url=SITE)
        self.cookies: dict[str, tuple[str, str]] = {}
        self.csrf: str | None = None

    def cookie(self, ending: str) -> str | None:
        return next((value for name, (value, _) in self.cookies.items() if name.endswith(ending)), None)

    async def visit(
        self, path: str, *, sent_by_another_site: bool = False, method: str = "GET", **more: Any
    ) -> httpx.Response:
        """One navigation; where it leads on is not followed."""
        kept = "lax" if sent_by_another_site else "any"
        if sent_by_another_site and method != "GET":
            kept = "none"
        headers = {"Accept": "text/html,*/*;q=0.8", "Sec-Fetch-Mode": "navigate", **more.pop("headers", {})}
        return await self._ask(method, path, kept, headers, **more)

    async def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {**PAGE, **({"X-CSRF-Token": self.csrf} if self.csrf else {}), **more.pop("headers", {})}
        answer = await self._ask(method, f"/api/v1{path}", "any", headers, **more)
        if answer.headers.get("content-type") == "application/json" and isinstance(answer.json(), dict):
            self.csrf = answer.json().get("csrf_token") or self.csrf
        return answer

    async def _ask(self, method: str, path: str, kept: str, headers: dict[str, str], **more: Any) -> httpx.Response:
        sent = [
            f"{name}={value}"
            for name, (value, same_site) in self.cookies.items()
            if kept == "any" or (kept == "lax" and same_site == "lax")
        ]
        if sent:
            headers["Cookie"] = "; ".join(sent)
        answer = await self.http.request(method, path, headers=headers, **more)
        for header in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = (morsel.value, morsel["samesite"].lower())
                if morsel["max-age"] == "0":
                    del self.cookies[name]
        self.http.cookies.clear()
        return answer

    async def close(self) -> None:
        await self.http.aclose()
