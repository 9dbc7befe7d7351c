"""Which database this installation uses: its own embedded one, or the one that the settings name."""

from __future__ import annotations

from dataclasses import dataclass

from antiphon.adapters.postgres import EmbeddedPostgres
from antiphon.kit.settings import Settings

__all__ = ["DatabaseLogins", "embedded", "logins"]


@dataclass(frozen=True, slots=True)
class DatabaseLogins:
    """`app_url` is what processes use. `owner_login`: it is the owner's, and they drop to the application role."""

    owner_url: str
    app_url: str
    owner_login: bool


def embedded(settings: Settings) -> EmbeddedPostgres | None:
    """The embedded server of this data folder; None where the settings name another one."""
    return EmbeddedPostgres(settings.home / "postgres") if settings.database_url is None else None


def logins(settings: Settings) -> DatabaseLogins:
    own = embedded(settings)
    if own is not None:
        return DatabaseLogins(own.url(user="antiphon_owner"), own.url(user="antiphon_app"), False)
    url = settings.database_url or ""
    owner = settings.database_owner_url
    return DatabaseLogins(owner or url, url, owner is None)
