"""What the web server loads in each of its processes."""

from __future__ import annotations

from antiphon.entry.database import logins
from antiphon.entry.http.asgi_types import ASGIApp
from antiphon.kit.collector import load_undisturbed, spare_the_collector
from antiphon.kit.logs import configure_logs
from antiphon.kit.memory import keep_what_was_freed
from antiphon.kit.settings import load_settings

__all__ = ["create"]


def create() -> ASGIApp:
    load_undisturbed()
    from antiphon.entry.application import create_app
    from antiphon.entry.bootstrap import build

    keep_what_was_freed()
    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format)
    login = logins(settings)
    app = create_app(build(settings, login.app_url, owner_login=login.owner_login), early=True)
    spare_the_collector()
    return app
