"""Files that nginx sends in our place: told where they lie, when it is nginx who asks."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import httpx
import msgspec
import pytest

from antiphon.domains.media.api import picture_key
from antiphon.entry.application import create_app
from antiphon.entry.bootstrap import House
from antiphon.entry.http.bytes import ACCEL, send_file
from antiphon.kit.proxies import TrustedProxies

SHA256 = "ab" * 32
PICTURE = f"/images/usr_1/cover/300/{SHA256}.webp"


@pytest.fixture
async def behind(house: House) -> House:
    settings = msgspec.structs.replace(house.settings, accel_prefix="/antiphon-files/")
    await house.media.objects.put_bytes(picture_key(SHA256), b"a picture")
    return replace(house, settings=settings, edge=replace(house.edge, proxies=TrustedProxies.parse("10.0.0.0/8")))


def asking(house: House, peer: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=create_app(house), client=(peer, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost:8420")


async def test_nginx_is_told_where_the_file_lies_and_sent_nothing_of_it(behind: House) -> None:
    path = behind.media.objects.path(picture_key(SHA256))
    async with asking(behind, "10.1.2.3") as nginx:
        for method in ("GET", "HEAD"):
            answer = await nginx.request(
                method, PICTURE, headers={"Range": "bytes=0-1", "If-None-Match": f'"{SHA256}"'}
            )
            assert answer.status_code == 200
            assert answer.headers["x-accel-redirect"] == f"/antiphon-files{path}"
            assert answer.content == b""
            assert answer.headers["content-length"] == "0"
            assert answer.headers["content-type"] == "image/webp"
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert answer.headers["access-control-allow-origin"] == "*"
            assert not {"etag", "last-modified", "accept-ranges"} & set(answer.headers)
        gone = await nginx.get(PICTURE.replace("ab", "cd"))
        assert gone.status_code == 404
        assert "x-accel-redirect" not in gone.headers


async def test_nobody_else_is_told(behind: House) -> None:
    async with asking(behind, "192.0.2.1") as stranger:
        answer = await stranger.get(PICTURE)
    assert answer.content == b"a picture"
    assert "x-accel-redirect" not in answer.headers


async def test_any_name_arrives_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "Café %41?#;&+ \\ ünï.flac"
    path.write_bytes(b"1")
    told: dict[bytes, bytes] = {}

    async def send(message: dict[str, object]) -> None:
        told.update(dict(message.get("headers", [])))  # type: ignore[call-overload]

    scope = {"type": "http", "method": "GET", "headers": [], ACCEL: "/files/"}
    await send_file(scope, send, path=path, etag="e", content_type="audio/flac", cache_control="public")
    said = told[b"x-accel-redirect"].decode()
    assert said.isascii()
    assert not set(" ?#\\") & set(said)
    assert unquote(said) == f"/files{path}"


@pytest.mark.skipif(shutil.which("nginx") is None, reason="needs nginx")
def test_the_guides_configuration_is_one(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guides" / "delivery.md").read_text(encoding="utf-8")
    server = guide.partition("```nginx\n")[2].partition("```")[0]
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/nginx.pid; events {{}} http {{ access_log off; client_body_temp_path {tmp_path};\n{server}}}"
    )
    checked = subprocess.run(
        ["nginx", "-t", "-e", "stderr", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
