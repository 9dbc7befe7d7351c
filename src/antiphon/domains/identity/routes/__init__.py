"""HTTP of identity, one file for each of its concerns."""

from __future__ import annotations

from antiphon.domains.identity.routes import accounts, people, sign_in, wallets

__all__ = ["handlers"]

handlers = [*sign_in.handlers, *accounts.handlers, *people.handlers, *wallets.handlers]
