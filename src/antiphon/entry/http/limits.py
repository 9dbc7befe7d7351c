"""Every request to the API is counted here, once, before its handler runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from antiphon.entry.http.asgi_types import Scope
from antiphon.kit.cost import CostClass, class_of
from antiphon.kit.errors import LimitsUnavailable, TooManyRequests
from antiphon.kit.limits import Limits, LimitsDown, Policy, Take, Verdict
from antiphon.kit.logs import get_logger
from antiphon.kit.metrics import REQUESTS_REFUSED, REQUESTS_UNCOUNTED
from antiphon.kit.proxies import network_of

__all__ = ["FIELDS", "Limiter"]

log = get_logger(__name__)
FIELDS = "antiphon.limit_fields"  # in the scope: a list of header fields that the answer will carry


class _Priced:
    """A class with all that can be known of it beforehand."""

    def __init__(self, cost: CostClass) -> None:
        self.name, self.strict = cost.name, cost.strict
        self.own, self.network = cost.own, cost.network
        policies = ", ".join(_policy(policy) for policy in (self.own, self.network))
        self.field = (b"ratelimit-policy", policies.encode())
        self.refused = REQUESTS_REFUSED.labels(cost.name)
        self.uncounted = REQUESTS_UNCOUNTED.labels(cost.name)


class Limiter:
    """Two limits for each request: of whoever asks, and of the network they ask from."""

    def __init__(self, limits: Limits | None, classes: Mapping[str, CostClass]) -> None:
        """Without limits everything is let through, and no answer speaks of them."""
        self._limits = limits
        self._classes = {name: _Priced(cost) for name, cost in classes.items()}

    async def count(self, scope: Scope, opt: dict[str, Any], address: str, person: str | None) -> None:
        """`person` names an account or a key; None is a guest. Raises TooManyRequests, LimitsUnavailable."""
        if self._limits is None:
            return
        cost = self._classes[class_of(opt, scope["method"])]
        network = network_of(address)
        own = Take(cost.own, f"guest {network}" if person is None else person)
        try:
            verdicts = await self._limits.take(own, Take(cost.network, network))
        except LimitsDown as error:
            cost.uncounted.inc()
            if cost.strict:
                raise LimitsUnavailable from error
            return
        told = _tightest(verdicts)
        scope.get(FIELDS, []).extend((cost.field, (b"ratelimit", _state(told).encode())))
        if not told.allowed:
            cost.refused.inc()
            log.debug("too many requests", cost_class=cost.name, policy=told.policy.name, path=scope["path"])
            raise TooManyRequests(told.retry_after_s, policy=told.policy.name)


def _tightest(verdicts: list[Verdict]) -> Verdict:
    """The one that holds longest, else the one with the least left (draft-ietf-httpapi-ratelimit-headers-11)."""
    return min(verdicts, key=lambda verdict: (-verdict.retry_after_s, verdict.remaining))


def _policy(policy: Policy) -> str:
    return f'"{policy.name}";q={policy.limit};w={policy.window_s}'


def _state(verdict: Verdict) -> str:
    """`t` says the same as Retry-After where there is one, else when all will be there again."""
    return f'"{verdict.policy.name}";r={verdict.remaining};t={math.ceil(verdict.retry_after_s or verdict.reset_s)}'
