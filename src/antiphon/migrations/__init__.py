"""The database's history. `migrate` brings any earlier state to the present one, as the owner."""

from __future__ import annotations

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool

from antiphon.kit.db import engine_url

__all__ = ["current_and_head", "migrate"]


def _config(owner_url: str, folder: str) -> Config:
    config = Config()
    config.set_main_option("script_location", folder)
    config.attributes["url"] = engine_url(owner_url, "postgresql+psycopg")
    return config


def migrate(owner_url: str, target: str = "head") -> None:
    """Run what is missing, each revision in one transaction; a failing one leaves the data as it was."""
    with as_file(files("antiphon.migrations")) as folder:
        command.upgrade(_config(owner_url, str(folder)), target)


def current_and_head(owner_url: str) -> tuple[str | None, str | None]:
    """The revision the database is at, and the newest there is."""
    with as_file(files("antiphon.migrations")) as folder:
        config = _config(owner_url, str(folder))
        head = ScriptDirectory.from_config(config).get_current_head()
        engine = create_engine(config.attributes["url"], poolclass=pool.NullPool)
        with engine.connect() as conn:
            return MigrationContext.configure(conn).get_current_revision(), head
