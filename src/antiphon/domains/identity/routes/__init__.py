"""HTTP of identity, one file for each of its concerns."""

from __future__ import annotations

from antiphon.domains.identity.routes import (
    accounts,
    api_keys,
    apps,
    archives,
    keys,
    passkeys,
    people,
    privacy,
    providers,
    second_factors,
    sign_in,
    wallets,
)

__all__ = ["handlers", "well_known"]

well_known = [*keys.well_known, *apps.well_known]
handlers = [
    *sign_in.handlers,
    *second_factors.handlers,
    *passkeys.handlers,
    *wallets.handlers,
    *providers.handlers,
    *accounts.handlers,
    *api_keys.handlers,
    *apps.handlers,
    *people.handlers,
    *privacy.handlers,
    *archives.handlers,
]
