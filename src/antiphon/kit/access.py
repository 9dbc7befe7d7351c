"""What a route asks of whoever comes: the name of a permission, kept beside the route."""

from __future__ import annotations

from typing import Any

__all__ = ["PUBLIC", "needs", "wanted_by"]

PUBLIC = "public"
_KEY = "permission"


def needs(permission: str) -> dict[str, Any]:
    """For a route's `opt`. `public`: whoever comes; any other name needs somebody who has that permission."""
    return {_KEY: permission}


def wanted_by(opt: dict[str, Any]) -> str | None:
    """The permission that a route's `opt` names; None where its author forgot to say."""
    found = opt.get(_KEY)
    return found if isinstance(found, str) else None
