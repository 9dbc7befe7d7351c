"""How the built client leaves the server, seen from outside."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from antiphon.entry.http.client import NONCE_PLACEHOLDER, client_app

ROOT = Path(__file__).resolve().parents[2]
PAGE = f'<!doctype html><script nonce="{NONCE_PLACEHOLDER}" src="/a.js"></script><meta nonce="{NONCE_PLACEHOLDER}">'


@pytest.fixture
def http(tmp_path: Path) -> httpx.AsyncClient:
    (tmp_path / "assets").mkdir()
    for name, text in {
        "index.html": PAGE,
        "sw.js": "1",
        "assets/a-1.js": "plain",
        "assets/a-1.js.br": "packed",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    transport = httpx.ASGITransport(client_app(tmp_path))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://antiphon.test")


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_a_page_and_its_policy_name_the_same_nonce_once(http: httpx.AsyncClient, encoding: str) -> None:
    first, second = [await http.get("/any/page", headers={"Accept-Encoding": encoding}) for _ in range(2)]
    nonces = set(re.findall(r'nonce="([^"]+)"', first.text))
    assert len(nonces) == 1
    assert f"script-src 'nonce-{nonces.pop()}' 'strict-dynamic';" in first.headers["content-security-policy"]
    assert first.headers["content-security-policy"] != second.headers["content-security-policy"]
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers.get("content-encoding", "identity") == encoding


async def test_no_page_allows_what_is_written_inline(http: httpx.AsyncClient) -> None:
    policy = (await http.get("/")).headers["content-security-policy"]
    assert "unsafe" not in policy
    for rule in (
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ):
        assert rule in policy


async def test_assets_leave_as_they_were_built_and_can_do_nothing(http: httpx.AsyncClient) -> None:
    answer = await http.head("/assets/a-1.js", headers={"Accept-Encoding": "br"})
    assert (answer.status_code, answer.headers["content-encoding"], answer.headers["content-length"]) == (
        200,
        "br",
        "6",
    )
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none';")
    assert (await http.get("/assets/gone.js")).status_code == 404


async def test_the_service_worker_may_load_no_other_script(http: httpx.AsyncClient) -> None:
    policy = (await http.get("/sw.js")).headers["content-security-policy"]
    assert "connect-src 'self'" in policy
    assert "require-trusted-types-for 'script'" in policy


async def test_pages_may_fetch_from_where_stored_bytes_lie(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    transport = httpx.ASGITransport(client_app(tmp_path, "https://cdn.example"))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://antiphon.test") as http:
        policy = (await http.get("/")).headers["content-security-policy"]
    assert "connect-src 'self' https://cdn.example;" in policy
    assert "img-src 'self' data: blob: https://cdn.example;" in policy


async def test_a_client_that_is_not_built_says_so(tmp_path: Path) -> None:
    transport = httpx.ASGITransport(client_app(tmp_path))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://antiphon.test") as http:
        assert "make run" in (await http.get("/")).json()["detail"]


def test_the_build_puts_the_placeholder_that_the_server_replaces() -> None:
    config = (ROOT / "web" / "vite.config.ts").read_text(encoding="utf-8")
    assert f'cspNonce: "{NONCE_PLACEHOLDER}"' in config
