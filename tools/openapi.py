"""The OpenAPI document of the application as it would be served, without a database or a running server."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from antiphon.entry.http.app import create_api
from antiphon.entry.http.document import document

__all__ = ["openapi", "openapi_text"]


@cache
def openapi() -> dict[str, Any]:
    return document(create_api())


def openapi_text() -> str:
    """As committed in web/openapi.json; the version is left out, or every release would change the client."""
    found = {**openapi(), "info": {**openapi()["info"], "version": "1"}}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
