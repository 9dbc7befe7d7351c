"""Links to a delivery network, against signatures that others computed."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botocore.signers import CloudFrontSigner  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from antiphon.adapters.objects import origins_of, store_of
from antiphon.adapters.objects.cdn import BehindCdn, Cloudflare, CloudFront
from antiphon.adapters.objects.local import LocalStore
from antiphon.kit.settings import SettingsError, load_settings
from tests.support.clock import FrozenClock

HOUR = 3600
NOW = 1_657_026_353


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def test_cloudflare_takes_what_its_own_people_published() -> None:
    """cloudflare-hmac.pages.dev: the secret `cloudflare`, this path, issued at this second."""
    signature = Cloudflare(b"cloudflare")
    url = "https://www.justalittlebyte.ovh/tokenauth/kayak.mp4"
    issued = NOW // HOUR * HOUR
    assert signature.signed(url, NOW, HOUR).startswith(f"{url}?verify={issued}-")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("antiphon.adapters.objects.cdn._SAME_FOR_S", 1)
        published = f"{url}?verify=1657026353-ZXJWAyFwAgJSY%2B5j3CkJE80TatA33E3MEH4D%2FkSnh7M%3D"
        assert signature.signed(url, NOW, HOUR) == published


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_cloudfront_takes_what_amazons_library_and_openssl_make(key: rsa.RSAPrivateKey, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(pem(key))

    def by_openssl(message: bytes) -> bytes:
        argv = ["openssl", "dgst", "-sha1", "-sign", str(tmp_path / "key.pem")]
        return subprocess.run(argv, input=message, stdout=subprocess.PIPE, check=True).stdout

    url = "https://d111111abcdef8.cloudfront.net/blobs/ab/cd/abcd"
    until = NOW // HOUR * HOUR + 2 * HOUR
    theirs = CloudFrontSigner("K2JCJMDEHXQW5F", by_openssl)
    expected = theirs.generate_presigned_url(url, date_less_than=datetime.fromtimestamp(until, UTC))
    assert CloudFront("K2JCJMDEHXQW5F", pem(key)).signed(url, NOW, HOUR) == expected


def test_a_link_is_the_same_for_an_hour_and_holds_at_least_as_long_as_it_should(key: rsa.RSAPrivateKey) -> None:
    hour = NOW // HOUR * HOUR
    for signature in (CloudFront("K", pem(key)), Cloudflare(b"secret")):
        links = {signature.signed("https://cdn.example/a", hour + second, 600) for second in (0, 1, HOUR - 1)}
        assert len(links) == 1
        assert signature.signed("https://cdn.example/a", hour + HOUR, 600) not in links
    (link,) = {CloudFront("K", pem(key)).signed("https://cdn.example/a", hour + HOUR - 1, 600)}
    assert int(link.partition("Expires=")[2].partition("&")[0]) >= hour + HOUR - 1 + 600


async def test_only_what_is_named_by_its_content_leaves_through_the_network(tmp_path: Path, clock: FrozenClock) -> None:
    store = LocalStore(tmp_path)
    behind = BehindCdn(store, "https://cdn.example/music/", Cloudflare(b"secret"), clock)
    blob = "blobs/ab/cd/" + "ab" * 32
    await behind.put_bytes(blob, b"sound")
    assert behind.path(blob) is None
    link = await behind.redirect_url(blob, 60)
    assert link is not None
    assert link.startswith(f"https://cdn.example/music/{blob}?verify=")
    archive = "exports/one.zip"
    assert behind.path(archive) == store.path(archive)
    assert await behind.redirect_url(archive, 60) is None
    async with behind.local_file(blob) as path:
        assert path.read_bytes() == b"sound"
    assert await behind.read(blob, 1, 2) == b"ou"


def settings(tmp_path: Path, **given: str) -> dict[str, str]:
    return {"ANTIPHON_HOME": str(tmp_path), **{f"ANTIPHON_{name.upper()}": value for name, value in given.items()}}


def test_the_settings_name_the_network(tmp_path: Path, clock: FrozenClock, key: rsa.RSAPrivateKey) -> None:
    nowhere = tmp_path / "none.toml"
    (tmp_path / "rsa.pem").write_bytes(pem(key))
    (tmp_path / "ec.pem").write_bytes(pem(ec.generate_private_key(ec.SECP256R1())))
    (tmp_path / "secret").write_text("shared\n")
    url = "https://cdn.example.org/music"

    def store(**given: str) -> object:
        return store_of(load_settings(settings(tmp_path, **given), nowhere), clock)

    assert isinstance(store(), LocalStore)
    assert isinstance(store(cdn_url=url, cdn_key_file=str(tmp_path / "rsa.pem"), cdn_key_id="K1"), BehindCdn)
    secret = str(tmp_path / "secret")
    flare = store(cdn_url=url, cdn_key_file=secret, cdn_signature="cloudflare")
    assert isinstance(flare, BehindCdn)
    for wrong in (
        {"cdn_url": url},
        {"cdn_url": url, "cdn_key_file": str(tmp_path / "rsa.pem")},
        {"cdn_url": url, "cdn_key_file": str(tmp_path / "ec.pem"), "cdn_key_id": "K1"},
        {"cdn_url": url, "cdn_key_file": str(tmp_path / "missing"), "cdn_key_id": "K1"},
        {"cdn_url": url, "cdn_key_file": secret, "cdn_key_id": "K1"},
    ):
        with pytest.raises(SettingsError, match="CDN"):
            store(**wrong)
    bucket = "s3://b?endpoint=http://s3.example:9000"
    known = load_settings(settings(tmp_path, cdn_url=url, storage_url=bucket), nowhere)
    assert origins_of(known) == "http://s3.example:9000 https://cdn.example.org"
    assert origins_of(load_settings(settings(tmp_path), nowhere)) == ""
