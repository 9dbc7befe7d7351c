"""Why the embedded database does not start, in words for the person at the terminal."""

from __future__ import annotations

from antiphon.kit.errors import AppError

__all__ = [
    "DatabaseForeign",
    "DatabaseInUse",
    "DatabaseMissing",
    "DatabaseNeedsUser",
    "DatabaseNotStarted",
    "DatabaseVersion",
]


class DatabaseInUse(AppError):
    code = "database_in_use"
    status = 503
    title = "Another process uses this data folder"


class DatabaseVersion(AppError):
    code = "database_version"
    status = 503
    title = "The data folder belongs to another PostgreSQL version"


class DatabaseForeign(AppError):
    code = "database_foreign"
    status = 503
    title = "The data folder belongs to another user or holds something else"


class DatabaseMissing(AppError):
    code = "database_missing"
    status = 503
    title = "The embedded PostgreSQL is not installed"


class DatabaseNeedsUser(AppError):
    code = "database_needs_user"
    status = 503
    title = "PostgreSQL cannot run as root here"


class DatabaseNotStarted(AppError):
    code = "database_not_started"
    status = 503
    title = "The embedded PostgreSQL did not start"
