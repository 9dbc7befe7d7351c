"""The OpenAPI document as we publish it, and the page that shows it to people.

The framework writes a document from the routes; what it cannot know is added here once: how we refuse, who must be
signed in, which members an answer always has.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme, Tag
from litestar.serialization import encode_json

from antiphon.entry.http.client import CLIENT_FOLDER
from antiphon.entry.http.problems import Problem
from antiphon.kit.access import PUBLIC, needs, wanted_by

__all__ = ["document", "document_config", "openapi_json"]

TAGS = (
    "identity",
    "privacy",
    "people",
    "apps",
    "artists",
    "albums",
    "tracks",
    "content",
    "genres",
    "playlists",
    "lyrics",
    "libraries",
    "upload",
    "playback",
    "social",
    "live",
    "integrations",
    "moderation",
    "discovery",
    "notifications",
    "operations",
)
_REFUSALS = {
    "401": "Nobody is signed in, or the access token does not hold.",
    "403": "The person who asks may not do this.",
    "404": "There is nothing with this id that the person who asks may see.",
    "412": "Somebody changed it in the meantime; `If-Match` names another version.",
    "422": "The input is malformed; `errors` points at each place.",
    "default": "Any other refusal. `code` says which; all codes are listed in docs/reference/errors.md.",
}
_TOO_MANY = "#/components/responses/TooManyRequests"
# By an access token, by an API key in its place or in its own header, or by the cookie of a browser session.
_PROOFS: list[dict[str, list[str]]] = [{"bearer": []}, {"api_key": []}, {"cookie": []}]
_PAGE_NAME = re.compile(r"Page_[\w.]*?\.?(\w+)_(?=\")")
Json = dict[str, Any]


def document_config(version: str) -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Antiphon",
        version=version,
        summary="Music, and the answer to it.",
        description="Errors are `application/problem+json` with a stable `code`.",
        license=License(name="AGPL-3.0-or-later", identifier="AGPL-3.0-or-later"),
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(
                    type="http", scheme="bearer", description="An access token, or an API key (`ak_…`)."
                ),
                "api_key": SecurityScheme(type="apiKey", name="X-API-Key", security_scheme_in="header"),
                "cookie": SecurityScheme(
                    type="apiKey",
                    name="__Host-antiphon_access",
                    security_scheme_in="cookie",
                    description="With `X-CSRF-Token` on everything that changes something.",
                ),
            }
        ),
        path="/api/v1/docs",
        render_plugins=[_Page(path="/"), _Document()],
        use_handler_docstrings=True,
        tags=[Tag(name=name) for name in TAGS],
    )


@get("/openapi.json", include_in_schema=False, sync_to_thread=False, opt=needs("public"))
def openapi_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The document where clients look for it, beside the routes."""
    return Response(encode_json(document(request.app)), media_type="application/vnd.oai.openapi+json")


@lru_cache(maxsize=4)
def document(app: Litestar) -> Json:
    """OpenAPI 3.1 of the application, complete."""
    text = encode_json(app.openapi_schema.to_schema()).decode()
    found: Json = json.loads(_PAGE_NAME.sub(r"\1Page", text))
    found["paths"] = dict(sorted(found["paths"].items()))  # the framework keeps a route's paths in a set
    found["components"]["schemas"] |= _problem_schemas()
    found["components"]["responses"] = {"TooManyRequests": _too_many_requests()}
    wanted = _permissions(app)
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            _describe(operation, path, wanted.get((method.upper(), path)))
    _complete_answers(found)
    return found


def _describe(operation: Json, path: str, permission: str | None) -> None:
    signed_in = permission not in {None, PUBLIC}
    if not path.startswith("/api/"):
        operation["security"] = []
    else:
        operation["security"] = _PROOFS if signed_in else [*_PROOFS, {}]
        operation["x-permission"] = permission
    statuses = ["default"]
    if signed_in:
        statuses += ["401", "403"]
    if "{" in path:
        statuses.append("404")
    if any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", ())):
        statuses.append("412")
    if "requestBody" in operation or operation.get("parameters"):
        statuses.append("422")
    if operation["responses"].get("400", {}).get("description") == HTTPStatus.BAD_REQUEST.description:
        del operation["responses"]["400"]  # the framework's own word for what is a 422 here
    operation["responses"].get("204", {}).pop("content", None)  # the framework describes a body of nothing
    for status in sorted(statuses):
        operation["responses"][status] = _refusal(_REFUSALS[status])
    if path.startswith("/api/"):
        operation["responses"]["429"] = {"$ref": _TOO_MANY}


def _refusal(description: str) -> Json:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content}


def _too_many_requests() -> Json:
    """The classes of requests are listed in docs/reference/limits.md; the fields are those of an IETF draft."""
    later = {"description": "In seconds", "schema": {"type": "integer", "minimum": 1}}
    text = {"schema": {"type": "string"}}
    headers = {"Retry-After": later, "RateLimit": text, "RateLimit-Policy": text}
    return {**_refusal("Too many requests; `Retry-After` says when to come back."), "headers": headers}


def _permissions(app: Litestar) -> dict[tuple[str, str], str | None]:
    """(method, path) → the permission that the route names."""
    return {
        (str(method), route.path_format): wanted_by(handler.opt)
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods
    }


def _problem_schemas() -> Json:
    _, schemas = msgspec.json.schema_components([Problem], ref_template="#/components/schemas/{name}")
    return schemas


def _complete_answers(found: Json) -> None:
    """What only ever goes out has all of its members, defaults included; what comes in may leave some away."""
    schemas = found["components"]["schemas"]
    operations = [operation for operations in found["paths"].values() for operation in operations.values()]
    incoming = _reached([operation.get("requestBody") for operation in operations], schemas)
    for name, schema in schemas.items():
        if name not in incoming and name != Problem.__name__ and "properties" in schema:
            schema["required"] = sorted(schema["properties"])


def _reached(start: object, schemas: Json) -> set[str]:
    reached: set[str] = set()
    waiting = [json.dumps(start)]
    while waiting:
        fresh = set(re.findall(r'"#/components/schemas/([^"]+)"', waiting.pop())) - reached
        reached |= fresh
        waiting += [json.dumps(schemas[name]) for name in fresh]
    return reached


class _Document(JsonRenderPlugin):
    def render(self, request: Request[Any, Any, Any], openapi_schema: Json) -> bytes:
        return encode_json(document(request.app))


class _Page(OpenAPIRenderPlugin):
    """One script of our own server, no inline script, no foreign font."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: Json) -> bytes:
        script = _reader(CLIENT_FOLDER)
        title = escape(f"{openapi_schema['info']['title']} {openapi_schema['info']['version']}")
        return _HTML.format(title=title, script=escape(script)).encode()


def _reader(client: Path) -> str:
    found = sorted(client.glob("assets/rapidoc-*.min.js"))
    return f"/assets/{found[-1].name}" if found else "/assets/rapidoc-missing.js"


_HTML = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; script-src 'self'; \
style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'">
<title>{title}: the API</title>
<script type="module" src="{script}"></script>
</head>
<body>
<rapi-doc spec-url="/api/v1/openapi.json" render-style="read" theme="light" load-fonts="false" show-header="false"
 allow-spec-url-load="false" allow-spec-file-load="false" allow-server-selection="false" schema-style="table"
 regular-font="system-ui, sans-serif" mono-font="ui-monospace, monospace"
 show-method-in-nav-bar="as-colored-text"></rapi-doc>
<noscript>This page needs JavaScript. The document itself is at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.
</noscript>
</body>
</html>
"""
