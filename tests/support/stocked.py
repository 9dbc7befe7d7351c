"""A library of a running product: three songs that were scanned, and the administrator who did that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg

from antiphon.adapters.postgres import EmbeddedPostgres
from tests.support.collection import sound_file
from tests.support.product import Product, until

__all__ = ["SONGS", "administrator", "post", "stock"]

SONGS = ("Undertow", "Ebb", "Spring tide")
Headers = dict[str, str]


def administrator(product: Product, handle: str) -> Headers:
    form = {"email": f"{handle}@example.org", "password": "correct horse battery", "handle": handle}
    assert product.http.post("/auth/register", json=form | {"display_name": handle.title()}).status_code == 201
    with psycopg.connect(EmbeddedPostgres(product.home / "postgres").url(user="antiphon_owner")) as conn:
        conn.execute(
            "INSERT INTO identity.user_roles (user_id, role, granted_at) "
            "SELECT id, 'admin', now() FROM identity.users WHERE handle = %s",
            (handle,),
        )
    signed_in = product.http.post("/auth/login", json={"email": form["email"], "password": form["password"]}).json()
    return {"Authorization": f"Bearer {signed_in['tokens']['access_token']}"}


def post(product: Product, headers: Headers, path: str, /, **body: Any) -> dict[str, Any]:
    answer = product.http.post(path, json=body, headers=headers)
    assert answer.status_code < 300, answer.text
    found: dict[str, Any] = answer.json()
    return found


def stock(product: Product, headers: Headers, music: Path, *, seconds: float = 2.0, access: str = "members") -> str:
    """The library's id, once all is heard."""
    for number, title in enumerate(SONGS, start=1):
        tags = {"artist": "Marrow", "albumartist": "Marrow", "album": "Salt", "title": title, "genre": "Folk"}
        sound_file(music / "Marrow" / "Salt" / f"{number}.flac", seconds=seconds, tracknumber=str(number), **tags)
    library: str = post(product, headers, "/libraries", path=str(music), name="Attic", access=access)["id"]
    post(product, headers, f"/libraries/{library}/scan", full=False)

    def scanned() -> bool:
        return bool(product.http.get(f"/libraries/{library}/scan", headers=headers).json()["added"] == len(SONGS))

    assert until(scanned, within_s=60)
    return library
