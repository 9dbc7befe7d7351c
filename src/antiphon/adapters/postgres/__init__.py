"""PostgreSQL from a wheel, started and stopped by us, its data in our folder, reachable by nobody else."""

from antiphon.adapters.postgres.errors import (
    DatabaseForeign,
    DatabaseInUse,
    DatabaseMissing,
    DatabaseNeedsUser,
    DatabaseNotStarted,
    DatabaseVersion,
)
from antiphon.adapters.postgres.server import EmbeddedPostgres

__all__ = [
    "DatabaseForeign",
    "DatabaseInUse",
    "DatabaseMissing",
    "DatabaseNeedsUser",
    "DatabaseNotStarted",
    "DatabaseVersion",
    "EmbeddedPostgres",
]
