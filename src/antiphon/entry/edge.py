"""What is settled before anybody's request is looked at: who may vouch for addresses, how much may be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from antiphon.adapters.limits import open_limits
from antiphon.kit.clock import Clock
from antiphon.kit.cost import CostClass, cost_classes
from antiphon.kit.limits import Limits
from antiphon.kit.proxies import TrustedProxies
from antiphon.kit.settings import Settings, SettingsError

__all__ = ["Edge", "edge_of"]


@dataclass(frozen=True, slots=True)
class Edge:
    """Without `limits` nothing is counted."""

    limits: Limits | None
    costs: Mapping[str, CostClass]
    proxies: TrustedProxies


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
    return Edge(limits, costs, proxies)
