"""What a request costs: every route belongs to one class, and each class has its limit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from antiphon.kit.access import PUBLIC, wanted_by
from antiphon.kit.limits import Policy

__all__ = [
    "CLASSES",
    "NETWORK_SHARE",
    "CostClass",
    "class_of",
    "cost_classes",
    "costs",
    "is_asked_often",
    "often",
]

NETWORK_SHARE: Final = 5
OPT: Final = "cost_class"
_OFTEN: Final = "asked_often"
_RATE: Final = re.compile(r"(?P<name>[a-z_]+)=(?P<limit>[1-9]\d{0,8})/(?P<window_s>[1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class CostClass:
    """`limit` requests in `window_s` seconds for one person, key or guest; five times as many for a whole network.

    `strict`: refused while nobody can count. The others are let through then.
    """

    name: str
    limit: int
    window_s: int
    purpose: str
    strict: bool = False

    @property
    def own(self) -> Policy:
        return Policy(self.name, self.limit, self.window_s)

    @property
    def network(self) -> Policy:
        return Policy(f"{self.name}-network", self.limit * NETWORK_SHARE, self.window_s)


CLASSES: Final = (
    CostClass("read", 1200, 60, "everything that only looks; where a route names none"),
    CostClass("write", 300, 60, "everything else that changes something; where a route names none"),
    CostClass("search", 300, 60, "search, and suggestions while typing"),
    CostClass("media", 6000, 60, "songs and pictures for apps that ask for each by itself"),
    CostClass("upload", 600, 60, "beginning an upload, and each of its pieces"),
    CostClass("sign_in", 60, 60, "proving who one is: whatever changes something for strangers", strict=True),
    CostClass("reset", 10, 3600, "asking for a letter: recovery, verification", strict=True),
    CostClass("register", 30, 3600, "making an account", strict=True),
    CostClass("export", 10, 86_400, "an archive of all that is one's own: asking for it, bringing it"),
)


def costs(name: str) -> dict[str, str]:
    """For `opt` of a route. Raises KeyError for a class that there is not."""
    return {OPT: {known.name: known.name for known in CLASSES}[name]}


def often() -> dict[str, Any]:
    """For `opt` of a route that players ask all the time, and that takes a JSON body and what the house knows only."""
    return {_OFTEN: True}


def is_asked_often(opt: dict[str, Any]) -> bool:
    return _OFTEN in opt


def class_of(opt: dict[str, Any], method: str) -> str:
    """The one that the route names. Whoever need not be signed in to change something is proving who they are."""
    named = opt.get(OPT)
    if named is not None:
        return str(named)
    if method in {"GET", "HEAD", "OPTIONS"}:
        return "read"
    return "sign_in" if wanted_by(opt) == PUBLIC else "write"


def cost_classes(rates: str | None) -> dict[str, CostClass]:
    """By name, with other numbers where `rates` has them: `read=600/60,sign_in=10/300`, requests and seconds.

    Raises ValueError naming what is none.
    """
    found = {known.name: known for known in CLASSES}
    for part in _parts(rates):
        match = _RATE.fullmatch(part)
        if match is None or match["name"] not in found:
            raise ValueError(f"{part!r} is not CLASS=REQUESTS/SECONDS with a class of {', '.join(found)}")
        name = match["name"]
        found[name] = replace(found[name], limit=int(match["limit"]), window_s=int(match["window_s"]))
    return found


def _parts(text: str | None) -> Iterable[str]:
    return filter(None, (part.strip() for part in (text or "").split(",")))
