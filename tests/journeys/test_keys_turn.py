"""Keys are turned by the operator's commands while the product runs, and nobody notices."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.factors import LiveApp
from tests.support.product import Product, until

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("keys")
    made = Product(folder / "home", folder / "serve.log")
    made.start()
    yield made
    made.end()


def command(product: Product, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-m", "antiphon.entry.cli", "keys", *words]
    return subprocess.run(run, env=product.env | env, capture_output=True, text=True, timeout=120, check=False)


def ask(product: Product, method: str, path: str, token: str | None = None, **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return product.http.request(method, path, headers=headers, **more)


def kid_of(token: str) -> str:
    return str(json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))["kid"])


def registered(product: Product, handle: str) -> str:
    new = {"email": f"{handle}@example.org", "password": PASSWORD, "handle": handle, "display_name": handle}
    return str(ask(product, "POST", "/auth/register", json=new).json()["tokens"]["access_token"])


def signed_in(product: Product, handle: str) -> str:
    body = {"email": f"{handle}@example.org", "password": PASSWORD}
    return str(ask(product, "POST", "/auth/login", json=body).json()["tokens"]["access_token"])


def test_what_is_sealed_comes_under_a_new_key_while_everything_runs(product: Product) -> None:
    token = registered(product, "ada")
    app = LiveApp(ask(product, "POST", "/auth/mfa/totp/enrol", token).json()["secret"])
    confirm = {"code": app.code()}
    assert ask(product, "POST", "/auth/mfa/totp/confirm", token, json=confirm).status_code == 200
    for turn in (2, 3):
        done = command(product, "rotate")
        assert done.returncode == 0, done.stderr
        assert re.search(rf"Data key {turn} seals from now on; [2-9] values were sealed anew", done.stdout)
        shown = {"method": "totp", "code": app.code()}
        assert ask(product, "POST", "/auth/step-up", token, json=shown).status_code == 200
    other = base64.b64encode(b"another master secret, long enough").decode()
    refused = command(product, "rotate", ANTIPHON_SECRET_KEY=other)
    assert refused.returncode == 1
    assert "master secret" in refused.stderr


def test_signing_keys_turn_without_signing_anybody_out(product: Product) -> None:
    old = registered(product, "bea")
    done = command(product, "rotate-signing")
    assert done.returncode == 0, done.stderr
    assert until(lambda: kid_of(signed_in(product, "bea")) != kid_of(old), within_s=60)
    new = signed_in(product, "bea")
    assert kid_of(new) in done.stdout
    for token in (old, new):
        assert ask(product, "GET", "/users/me", token).status_code == 200
    keys = product.http.get(f"{product.url}/.well-known/jwks.json").json()["keys"]
    assert {key["kid"] for key in keys} >= {kid_of(old), kid_of(new)}


def test_what_a_stolen_key_signed_ends_at_once(product: Product) -> None:
    old = registered(product, "cleo")
    assert command(product, "rotate-signing", "--now").returncode == 0
    assert until(lambda: ask(product, "GET", "/users/me", old).status_code == 401, within_s=60)
    assert ask(product, "GET", "/users/me", signed_in(product, "cleo")).status_code == 200
