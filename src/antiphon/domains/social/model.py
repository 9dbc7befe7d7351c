"""Kinds of works, and what a person may say. No I/O."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, get_args

from antiphon.kit.ids import Kind

__all__ = ["ITEMS_MAX", "SHARES_MAX", "TEXT_MAX", "WorkKind", "has_ended", "id_kind"]

WorkKind = Literal["track", "album", "artist"]
TEXT_MAX: Final = 2_000
ITEMS_MAX: Final = 500
SHARES_MAX: Final = 1_000
_KINDS: Final[dict[str, Kind]] = {kind: Kind[kind.upper()] for kind in get_args(WorkKind)}


def id_kind(kind: str) -> Kind:
    """How public ids of this kind of work begin."""
    return _KINDS[kind]


def has_ended(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is not None and expires_at <= now
