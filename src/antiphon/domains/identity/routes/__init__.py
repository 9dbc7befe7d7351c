"""HTTP of identity, one file for each of its concerns."""

from __future__ import annotations

from antiphon.domains.identity.routes import (
    accounts,
    api_keys,
    archives,
    passkeys,
    people,
    privacy,
    providers,
    second_factors,
    sign_in,
    wallets,
)
from antiphon.domains.identity.routes.keys import well_known

__all__ = ["handlers", "well_known"]

handlers = [
    *sign_in.handlers,
    *second_factors.handlers,
    *passkeys.handlers,
    *wallets.handlers,
    *providers.handlers,
    *accounts.handlers,
    *api_keys.handlers,
    *people.handlers,
    *privacy.handlers,
    *archives.handlers,
]
