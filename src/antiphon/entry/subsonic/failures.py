"""What goes wrong, as the protocol numbers it. Every failure is an answer with status 200 and an envelope."""

from __future__ import annotations

from antiphon.kit.errors import AppError

__all__ = ["DENIED", "GENERIC", "MISSING", "NOT_FOUND", "Failed", "failure_of", "missing"]

GENERIC = 0
MISSING = 10
WRONG_CREDENTIALS = 40
CONFLICTING_CREDENTIALS = 43
WRONG_API_KEY = 44
DENIED = 50
NOT_FOUND = 70
_BY_STATUS = {401: WRONG_CREDENTIALS, 403: DENIED, 404: NOT_FOUND}


class Failed(Exception):
    """Ends a call with a code of the protocol and a sentence for people."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def missing(name: str) -> Failed:
    return Failed(MISSING, f"Required parameter '{name}' is missing.")


def failure_of(error: AppError) -> Failed:
    """An error of the product's own, in the protocol's numbers."""
    return Failed(_BY_STATUS.get(error.status, GENERIC), error.detail)
