"""The product as it is started, asked by a client that nobody here wrote."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from antiphon.adapters.postgres import EmbeddedPostgres
from benchmarks.subsonic_rows import fill
from tests.support.product import Product

PROGRAM = Path(__file__).resolve().parents[1] / "entry" / "subsonic" / "opensonic_program.py"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    made = Product(tmp_path / "home", tmp_path / "serve.log")
    made.start()
    yield made
    made.end()


@pytest.mark.commits
def test_py_opensonic_reads_everything(product: Product) -> None:
    """Conclusion 1. By token, with the password in clear, and by GET: its types are strict and miss what is missing."""
    fill(EmbeddedPostgres(product.home / "postgres").url(user="antiphon_owner"), 300)
    new = {"email": "ada@example.org", "password": "correct horse battery", "handle": "ada", "display_name": "Ada"}
    signed_in = product.http.post("/auth/register", json=new).json()
    headers = {"Authorization": f"Bearer {signed_in['tokens']['access_token']}"}
    made = product.http.post("/users/me/app-passwords", json={"name": "opensonic"}, headers=headers)
    assert made.status_code == 201, made.text
    host, _, port = product.url.rpartition(":")
    command = [sys.executable, str(PROGRAM), host, port, "ada", made.json()["password"]]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    told = json.loads(ran.stdout)
    for way, methods in told.items():
        assert len(methods) >= 33, way
        assert {name: found for name, found in methods.items() if found != "ok"} == {}, way
