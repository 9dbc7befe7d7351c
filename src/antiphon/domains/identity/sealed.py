"""Every column of identity that holds sealed values: what `antiphon keys rotate` brings under a new key."""

from __future__ import annotations

from antiphon.domains.identity.api.linked import PROVIDER_TOKEN
from antiphon.domains.identity.api.text_codes import NUMBER
from antiphon.domains.identity.api.totp import SEED
from antiphon.domains.identity.keys import SEALED_FOR
from antiphon.domains.identity.signing_keys import SIGNING_KEY
from antiphon.kit.sealed import SealedColumn

__all__ = ["SEALED"]

SEALED = (
    SealedColumn("identity.signing_keys", "sealed", "kid", SIGNING_KEY),
    SealedColumn("identity.totp_factors", "sealed_seed", "user_id", SEED),
    SealedColumn("identity.phones", "sealed_number", "user_id", NUMBER),
    SealedColumn("identity.app_passwords", "sealed", "id", SEALED_FOR),
    SealedColumn("identity.linked_identities", "sealed_token", "id", PROVIDER_TOKEN),
)
