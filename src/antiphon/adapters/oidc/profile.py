"""Names and addresses as providers write them, cut to what can be used."""

from __future__ import annotations

from typing import Any

import msgspec

from antiphon.adapters.oidc.presets import ProfileShape

__all__ = ["apple_name", "at", "said", "shaped", "truthy"]

LONGEST_TEXT = 320


def said(value: Any) -> str | None:
    """A text of reasonable length, or nothing."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    return text if 0 < len(text) <= LONGEST_TEXT else None


def truthy(value: Any) -> bool:
    """`email_verified` as it is and as Apple writes it."""
    return value is True or value == "true"


def at(profile: Any, path: str) -> Any:
    """What lies under `name.firstName`; None where there is nothing."""
    for step in path.split("."):
        if isinstance(profile, dict):
            profile = profile.get(step)
        else:
            return None
    return profile


def shaped(profile: dict[str, Any], shape: ProfileShape) -> dict[str, Any]:
    """The profile under the names that OpenID Connect has for its members."""
    subject = at(profile, shape.subject)
    return {
        "sub": str(subject) if isinstance(subject, int) and not isinstance(subject, bool) else subject,
        "name": at(profile, shape.name),
        "email": at(profile, shape.email),
    }


def apple_name(user: str | None) -> str | None:
    """Apple tells a name once, beside the token and unsigned: good for a suggestion, for nothing else."""
    try:
        told = msgspec.json.decode(user or "", type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeError):
        return None
    parts = (said(at(told, "name.firstName")), said(at(told, "name.lastName")))
    return " ".join(filter(None, parts)) or None
