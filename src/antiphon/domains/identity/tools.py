"""What identity needs at hand, put together at the composition root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

from antiphon.domains.identity.keys import KeyRing
from antiphon.domains.identity.lockout import Lockout
from antiphon.domains.identity.mailboxes import Mailboxes
from antiphon.domains.identity.model_passkeys import NoPasskeys, RelyingParty
from antiphon.domains.identity.passwords import PasswordHasher
from antiphon.domains.identity.ports import Archives, Chain, IdentityProvider, TextMessages, WalletKeys
from antiphon.domains.identity.standing import Standing
from antiphon.domains.identity.tokens import Tokens
from antiphon.kit.personal import PersonalRegistry
from antiphon.kit.secrets import Secrets
from antiphon.kit.vault import Vault

__all__ = ["IdentityConfig", "IdentityTools", "PrivacyTools", "Registration"]

Registration = Literal["open", "invitation", "closed"]


@dataclass(frozen=True, slots=True)
class IdentityConfig:
    """`mail`: letters reach people, so an address can be proven before it counts. `site_url` is without a slash."""

    site_url: str
    registration: Registration
    mail: bool
    wallets: bool
    wallet_chains: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PrivacyTools:
    """`folder` holds archives while they are made or taken in, on disk that survives a restart; `import_max` is in
    bytes. `asked` are the purposes that people are asked to consent to."""

    registry: PersonalRegistry
    archives: Archives
    folder: Path
    import_max: int
    grace: timedelta
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdentityTools:
    tokens: Tokens
    passwords: PasswordHasher
    standing: Standing
    secrets: Secrets
    vault: Vault
    lockout: Lockout
    mailboxes: Mailboxes
    texts: TextMessages
    keys: KeyRing
    relying_party: RelyingParty | NoPasskeys
    config: IdentityConfig
    wallet_keys: WalletKeys
    chain: Chain
    privacy: PrivacyTools
    providers: Mapping[str, IdentityProvider] = field(default_factory=dict)
