"""What is settled before anybody's request is looked at: who may vouch for addresses, how much may be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from antiphon.adapters.limits import open_limits
from antiphon.kit.clients import Asking
from antiphon.kit.clock import Clock
from antiphon.kit.cost import CostClass, cost_classes
from antiphon.kit.limits import Limits
from antiphon.kit.proxies import TrustedProxies, territory_of
from antiphon.kit.settings import Settings, SettingsError

__all__ = ["Edge", "edge_of"]


@dataclass(frozen=True, slots=True)
class Edge:
    """Without `limits` nothing is counted."""

    limits: Limits | None
    costs: Mapping[str, CostClass]
    proxies: TrustedProxies
    territory: str | None = None
    territory_header: str | None = None

    def whereabouts(self, scope: Mapping[str, Any], clock: Clock) -> Asking:
        """Where a proxy names countries its word counts, also that it does not know; else what the operator set."""
        if self.territory_header is None:
            return Asking(self.territory, clock.now())
        peer = scope.get("client") or (None,)
        return Asking(territory_of(peer[0], scope["headers"], self.proxies, self.territory_header), clock.now())


def edge_of(settings: Settings, clock: Clock, limits: Limits | None = None) -> Edge:
    """`limits` takes the place of the store that the settings name. Raises SettingsError."""
    if limits is None and settings.limits == "on":
        limits = open_limits(settings.limits_url, settings.home, clock)
    try:
        costs = cost_classes(settings.limit_rates)
    except ValueError as error:
        raise SettingsError(f"ANTIPHON_LIMIT_RATES: {error}") from error
    try:
        proxies = TrustedProxies.parse(settings.trusted_proxies, settings.proxy_header)
    except ValueError as error:
        raise SettingsError(f"ANTIPHON_TRUSTED_PROXIES: {error}") from error
    return Edge(limits, costs, proxies, settings.territory, settings.territory_header)
