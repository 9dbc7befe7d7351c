"""The master secret of the installation as its own key service: nothing to install, nothing to reach."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag

from antiphon.kit.secrets import Secrets
from antiphon.kit.vault import VaultUnreadable

__all__ = ["LocalKms"]

PURPOSE = "kit.data_keys"


class LocalKms:
    name = "local"

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def wrap(self, plain: bytes) -> bytes:
        return self._secrets.seal(PURPOSE, plain)

    def unwrap(self, wrapped: bytes) -> bytes:
        try:
            return self._secrets.unseal(PURPOSE, wrapped)
        except (InvalidTag, ValueError) as error:
            raise VaultUnreadable(
                "The data keys in this database were wrapped with another master secret. "
                "Put the old secrets/master.key (or ANTIPHON_SECRET_KEY) back."
            ) from error
