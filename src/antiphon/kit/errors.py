"""Errors that a person may see: a type with a code, a status and data. Rendered as problem+json at the edge."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

__all__ = [
    "AppError",
    "Conflict",
    "FieldProblem",
    "Forbidden",
    "Invalid",
    "LimitsUnavailable",
    "NotFound",
    "TooManyRequests",
    "Unauthenticated",
    "VersionConflict",
]


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One malformed place in the input: a JSON pointer, a stable code, a sentence."""

    pointer: str
    code: str
    detail: str


class AppError(Exception):
    """Expected failure; never pages anyone. `data` is added to the problem document."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str = "", *, headers: dict[str, str] | None = None, **data: Any) -> None:
        self.detail = detail or self.title
        self.data = data
        self.headers = headers or {}
        super().__init__(self.detail)


class Invalid(AppError):
    code = "invalid_input"
    status = 422
    title = "The input is not valid"

    def __init__(self, *problems: FieldProblem) -> None:
        self.problems = problems
        super().__init__("; ".join(p.detail for p in problems))


class NotFound(AppError):
    code = "not_found"
    status = 404
    title = "Not found"


class Unauthenticated(AppError):
    code = "unauthenticated"
    status = 401
    title = "Sign in first"


class Forbidden(AppError):
    code = "forbidden"
    status = 403
    title = "You may not do this"


class Conflict(AppError):
    code = "conflict"
    status = 409
    title = "This does not fit the present state"


class VersionConflict(AppError):
    code = "version_conflict"
    status = 412
    title = "Somebody changed this in the meantime"


class TooManyRequests(AppError):
    """`retry_after_s` says when, in the header and in the problem alike."""

    code = "too_many_requests"
    status = 429
    title = "Too many requests"

    def __init__(self, retry_after_s: float, **data: Any) -> None:
        seconds = max(1, math.ceil(retry_after_s))
        detail = f"{self.title}; try again in {seconds} s."
        super().__init__(detail, headers={"Retry-After": str(seconds)}, retry_after_s=seconds, **data)


class LimitsUnavailable(AppError):
    """Nobody can count now, and this must not be done uncounted."""

    code = "limits_unavailable"
    status = 503
    title = "This cannot be done safely at this moment; try again shortly"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})
