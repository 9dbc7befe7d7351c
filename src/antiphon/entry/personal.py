"""What every domain keeps of people, put together: the ground of export, import, erasure and the data map."""

from __future__ import annotations

from datetime import timedelta

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity import api as identity
from antiphon.domains.integrations import api as integrations
from antiphon.domains.media import api as media
from antiphon.domains.media.ports import ObjectStore
from antiphon.domains.playback import api as playback
from antiphon.domains.social import api as social
from antiphon.kit.personal import PersonalRegistry
from antiphon.kit.settings import Settings, SettingsError
from antiphon.kit.vault import Vault

__all__ = ["personal_registry", "privacy_tools"]

ARCHIVE_ROOM = 1 << 30  # bytes of an archive beside the music, which the quota bounds


def personal_registry(catalogue: catalog.CatalogTools, tools: media.MediaTools, vault: Vault) -> PersonalRegistry:
    """A domain that keeps anything of people is named here, the lowest first."""
    return PersonalRegistry(
        [
            identity.personal_data(vault),
            catalog.personal_data(catalogue),
            media.personal_data(tools),
            catalog.playlists_data(),
            playback.personal_data(),
            social.personal_data(),
            integrations.personal_data(),
        ]
    )


def privacy_tools(settings: Settings, registry: PersonalRegistry, objects: ObjectStore) -> identity.PrivacyTools:
    """Raises SettingsError."""
    try:
        asked = identity.asked_purposes(settings.consents_asked)
    except ValueError as error:
        raise SettingsError(f"consents_asked: {error}") from error
    return identity.PrivacyTools(
        registry=registry,
        archives=objects,
        folder=settings.home / "archives",
        import_max=settings.quota_bytes + ARCHIVE_ROOM,
        grace=timedelta(days=settings.deletion_grace_days),
        asked=asked,
    )
