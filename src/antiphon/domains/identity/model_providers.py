"""Rules of signing in elsewhere: where it may lead back to, what a newcomer is called. Pure."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable
from datetime import timedelta

from antiphon.domains.identity.model import clean_display_name, clean_handle
from antiphon.kit.errors import Invalid

__all__ = ["FLOW_LIFE", "PENDING_LIFE", "callback_address", "display_name_for", "handles_for", "own_path"]

FLOW_LIFE = timedelta(minutes=10)  # for typing a password and a code on the provider's pages
PENDING_LIFE = timedelta(minutes=30)  # for finding the way into the account that is there already
LONGEST_PATH = 512
_HANDLE_MAX = 30
_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


def own_path(text: str | None) -> str:
    """A path of our own pages; anything that a browser could take for another site leads to the front page."""
    if text is None or len(text) > LONGEST_PATH or not _PATH.fullmatch(text):
        return "/"
    return text


def callback_address(site_url: str, provider_id: str) -> str:
    """Where a provider sends people back to; it must be registered there."""
    return f"{site_url}/api/v1/auth/oidc/{provider_id}/callback"


def handles_for(name: str | None, email: str | None, number: Callable[[int], int] = secrets.randbelow) -> list[str]:
    """Handles to try for a newcomer, the nicest first; the last ones are free for all practical purposes."""
    stems = [stem for text in (name, (email or "").partition("@")[0]) if (stem := _stem(text or ""))] or ["listener"]
    tries = [*stems, *(f"{stems[0][: _HANDLE_MAX - 5]}{number(9_000) + 1_000}" for _ in range(3))]
    tries.append(f"{stems[0][: _HANDLE_MAX - 10]}{number(9_000_000_000) + 1_000_000_000}")
    return [handle for handle in tries if _good(handle)]


def display_name_for(name: str | None, handle: str) -> str:
    """What the provider calls them, as far as it can be shown; else the handle."""
    try:
        return clean_display_name((name or "")[:64])
    except Invalid:
        return handle


def _stem(text: str) -> str:
    """What is left of a name in a to z; empty for names of other scripts."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_HANDLE_MAX].strip("_")


def _good(handle: str) -> bool:
    try:
        return clean_handle(handle) == handle
    except Invalid:
        return False
