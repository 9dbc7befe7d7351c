"""The OpenAPI document of the application as it would be served, without a database or a running server."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from antiphon.entry.bootstrap import build
from antiphon.entry.http.app import create_api
from antiphon.entry.http.document import document
from antiphon.kit.settings import Settings

__all__ = ["openapi", "openapi_text"]


@cache
def openapi() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as home:
        house = build(Settings(home=Path(home)), "postgresql://nobody@127.0.0.1/nothing")  # never connected
        return document(create_api(house))


def openapi_text() -> str:
    """As committed in web/openapi.json; the version is left out, or every release would change the client."""
    found = {**openapi(), "info": {**openapi()["info"], "version": "1"}}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
