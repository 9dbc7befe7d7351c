"""Where people sign in besides here, chosen by the setting `providers`."""

from __future__ import annotations

from collections.abc import Sequence

from antiphon.domains.identity.ports import IdentityProvider
from antiphon.kit.clock import Clock
from antiphon.kit.settings import ProviderSettings, SettingsError

__all__ = ["open_providers"]


def open_providers(settings: Sequence[ProviderSettings], clock: Clock) -> dict[str, IdentityProvider]:
    """By id, in the order in which the operator wrote them; nothing is asked of anybody yet. Raises SettingsError."""
    if not settings:
        return {}
    from antiphon.adapters.oidc.config import configured
    from antiphon.adapters.oidc.providers import OidcProvider, ProfileProvider

    providers: dict[str, IdentityProvider] = {}
    for given in settings:
        if given.id in providers:
            raise SettingsError(f"providers: two are called {given.id}")
        config = configured(given)
        providers[given.id] = (
            OidcProvider(config, clock)
            if config.endpoints is None
            else ProfileProvider(config, config.endpoints, clock)
        )
    return providers
