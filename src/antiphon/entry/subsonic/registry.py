"""Which endpoints there are. Each is a function in one of the files `endpoints_*.py`, marked with its name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from antiphon.entry.http.asgi_types import ASGIApp
from antiphon.entry.subsonic.call import Call
from antiphon.kit.access import PUBLIC
from antiphon.kit.cost import costs

__all__ = ["ENDPOINTS", "Answer", "Endpoint", "Paged", "endpoint"]

Answer: TypeAlias = Mapping[str, Any] | ASGIApp


class Paged(dict[str, Any]):
    """An answer with a page of a list that has `total` entries; some apps read that from a header."""

    def __init__(self, total: int, answer: Mapping[str, Any]) -> None:
        super().__init__(answer)
        self.total = total


Handler: TypeAlias = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`opt` is what the limiter reads of a route."""

    name: str
    permission: str
    opt: dict[str, Any]
    handler: Handler

    @property
    def public(self) -> bool:
        return self.permission == PUBLIC


ENDPOINTS: dict[str, Endpoint] = {}


def endpoint(name: str, *, permission: str = "content.listen", cost: str = "read") -> Callable[[Handler], Handler]:
    """Mark the function that answers `/rest/<name>`.

    It answers a mapping, which becomes XML, JSON or JSONP under the names that it has; or an ASGI application, which
    sends bytes. `permission` is one of the policy's, `cost` a class of `kit/cost.py`.
    """

    def mark(handler: Handler) -> Handler:
        if name in ENDPOINTS:
            raise ValueError(f"Two functions answer {name}.")
        ENDPOINTS[name] = Endpoint(name, permission, costs(cost), handler)
        return handler

    return mark
