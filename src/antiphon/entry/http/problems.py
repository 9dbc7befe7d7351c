"""Every error as problem+json (RFC 9457) with a stable code, never a stack trace."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, SerializationException, ValidationException
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR

from antiphon.entry.http.asgi_types import Scope, Send
from antiphon.kit.errors import AppError, FieldProblem, Invalid
from antiphon.kit.logs import get_logger

__all__ = ["HANDLERS", "Problem", "problem_body", "send_problem"]

log = get_logger(__name__)
MEDIA_TYPE = "application/problem+json"
AnyRequest = Request[Any, Any, Any]
_HTTP_CODES = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
}
_AT = re.compile(r" - at `\$([^`]*)`$")


class FieldError(msgspec.Struct, frozen=True):
    pointer: str
    code: str
    detail: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What every error answers; more members may follow for some codes."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] | None = None


def problem_body(code: str, title: str, status: int, detail: str) -> dict[str, Any]:
    return {"type": f"/docs/errors#{code}", "title": title, "status": status, "detail": detail, "code": code}


def _respond(body: dict[str, Any], headers: dict[str, str] | None = None) -> Response[dict[str, Any]]:
    return Response(
        body,
        status_code=body["status"],
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def _app_error(_request: AnyRequest, error: AppError) -> Response[dict[str, Any]]:
    body = problem_body(error.code, error.title, error.status, error.detail)
    body.update({key: value for key, value in error.data.items() if key not in body})
    if isinstance(error, Invalid):
        body["errors"] = [msgspec.to_builtins(problem) for problem in error.problems]
    headers = dict(error.headers)
    if error.status == 401:
        headers.setdefault("WWW-Authenticate", "Bearer")
    return _respond(body, headers)


def _http_error(_request: AnyRequest, error: HTTPException) -> Response[dict[str, Any]]:
    if isinstance(error.__cause__, SerializationException):
        return _respond(problem_body("malformed_json", "This is not JSON", 400, error.detail))
    code = _HTTP_CODES.get(error.status_code, "error")
    title = code.replace("_", " ").capitalize()
    return _respond(problem_body(code, title, error.status_code, error.detail or title), dict(error.headers or {}))


def _validation_error(_request: AnyRequest, error: ValidationException) -> Response[dict[str, Any]]:
    """Malformed input, with a JSON pointer for each place."""
    cause = error.__cause__
    extra = error.extra if isinstance(error.extra, list) else []
    problems = [_field(entry) for entry in extra if isinstance(entry, dict)]
    if not problems:
        problems = [_from_text(str(cause or error.detail))]
    body = problem_body(Invalid.code, Invalid.title, Invalid.status, "; ".join(p.detail for p in problems))
    body["errors"] = [msgspec.to_builtins(problem) for problem in problems]
    return _respond(body)


def _field(entry: dict[str, Any]) -> FieldProblem:
    message, key = str(entry.get("message", "")), str(entry.get("key", ""))
    key = key.removeprefix("data").removeprefix(".")
    if _AT.search(message):
        return _from_text(message)
    found = _from_text(message)
    pointer = "/" + re.sub(r"\[(\d+)\]", r"/\1", key).replace(".", "/") if key else found.pointer
    return FieldProblem(pointer, found.code, message)


def _from_text(message: str) -> FieldProblem:
    """msgspec says ``Expected `str` - at `$.credits[0].name` ``."""
    found = _AT.search(message)
    path = found[1] if found else ""
    pointer = re.sub(r"\[(\d+)\]", r"/\1", path.replace("[...]", "")).replace(".", "/")
    missing = re.search(r"missing required field `([^`]+)`", message)
    if missing:
        pointer = f"{pointer}/{missing[1]}"
    return FieldProblem(pointer, _kind_of(message), _AT.sub("", message))


def _kind_of(message: str) -> str:
    lowered = message.lower()
    for sign, code in (
        ("missing required", "required"),
        ("length", "length"),
        ("matching regex", "pattern"),
        ("invalid enum", "choice"),
        (">=", "range"),
        ("<=", "range"),
    ):
        if sign in lowered:
            return code
    return "type"


def _no_text(_request: AnyRequest, error: UnicodeDecodeError) -> Response[dict[str, Any]]:
    """A body that is not UTF-8; whatever else people send is decoded where it is read."""
    return _respond(problem_body("malformed_json", "This is not JSON", 400, f"This is not UTF-8: {error.reason}."))


def _unexpected(request: AnyRequest, error: Exception) -> Response[dict[str, Any]]:
    log.exception("request failed", path=request.url.path, error=type(error).__name__)
    status = HTTP_500_INTERNAL_SERVER_ERROR
    return _respond(problem_body("internal_error", "Something went wrong here", status, "It is in our logs."))


HANDLERS: dict[Any, Any] = {
    AppError: _app_error,
    ValidationException: _validation_error,
    HTTPException: _http_error,
    UnicodeDecodeError: _no_text,
    Exception: _unexpected,
}


async def send_problem(scope: Scope, send: Send, error: Exception) -> None:
    """For applications beside Litestar's: what one of its routes would have answered."""
    scope.setdefault("state", {})
    request = AnyRequest(scope)
    response = _app_error(request, error) if isinstance(error, AppError) else _unexpected(request, error)
    await response.to_asgi_response(None, request)(scope, _nothing_more, send)


async def _nothing_more() -> Any:
    return {"type": "http.disconnect"}
