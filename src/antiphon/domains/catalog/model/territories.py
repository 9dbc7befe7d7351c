"""Where and from when a work may be heard. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from antiphon.kit.clients import Asking

__all__ = ["Because", "Rights", "refusal"]

Because = Literal["processing", "failed", "not_in_territory", "territory_unknown", "embargo"]


class Rights(msgspec.Struct, frozen=True):
    """`territories`: countries (ISO 3166) where it may be heard, everywhere if none. `embargoes`: countries where it
    may be heard from a moment on only."""

    territories: list[str] | None
    embargoes: dict[str, datetime]


def refusal(all_rights: Iterable[Rights], asking: Asking | None) -> Because | None:
    """Why it is not heard from there and then. Nowhere is in no list of countries, and waits as long as any of them."""
    if asking is None:
        return None
    for rights in all_rights:
        if rights.territories is not None and asking.territory not in rights.territories:
            return "not_in_territory" if asking.territory else "territory_unknown"
        waits = [
            until
            for country, until in rights.embargoes.items()
            if until > asking.at and asking.territory in (country, None)
        ]
        if waits:
            return "embargo" if asking.territory else "territory_unknown"
    return None
