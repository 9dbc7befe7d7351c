"""Who wraps the data keys, chosen by one URL."""

from __future__ import annotations

from urllib.parse import urlsplit

from antiphon.adapters.kms.local import LocalKms
from antiphon.kit.secrets import Secrets
from antiphon.kit.settings import SettingsError
from antiphon.kit.vault import Kms

__all__ = ["LocalKms", "open_kms"]


def open_kms(url: str | None, token: str | None, secrets: Secrets) -> Kms:
    """None is the master secret of this installation. Raises SettingsError for what is no http(s) URL."""
    if not url:
        return LocalKms(secrets)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise SettingsError("ANTIPHON_KMS_URL is an http(s) address without user, query or fragment")
    from antiphon.adapters.kms.http import HttpKms

    return HttpKms(url.rstrip("/"), token)
