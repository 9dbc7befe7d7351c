"""The composition root: the one place that knows which adapter stands behind which port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from antiphon.adapters.chain import open_chain
from antiphon.adapters.codecs.local import LocalCodecs
from antiphon.adapters.fanout import open_fanout, open_presence
from antiphon.adapters.kms import LocalKms, open_kms
from antiphon.adapters.mail import open_mailer, sender_of
from antiphon.adapters.objects import store_of
from antiphon.adapters.oidc import open_providers
from antiphon.adapters.scrobbling import open_scrobblers
from antiphon.adapters.search import LocalSearch
from antiphon.adapters.sms import open_text_messages
from antiphon.adapters.tags.local import LocalTagReaders
from antiphon.adapters.wallets.ethereum import EthereumKeys
from antiphon.domains.catalog import handlers as catalog_handlers
from antiphon.domains.catalog import jobs as catalog_jobs
from antiphon.domains.catalog.api import CatalogTools
from antiphon.domains.discovery.api import Finder
from antiphon.domains.discovery.ports import SearchIndex
from antiphon.domains.identity import handlers as identity_handlers
from antiphon.domains.identity import jobs as identity_jobs
from antiphon.domains.identity.api import (
    IdentityConfig,
    IdentityTools,
    KeyRing,
    Lockout,
    Mailboxes,
    PasswordHasher,
    PrivacyTools,
    Standing,
    Tokens,
    relying_party,
)
from antiphon.domains.identity.ports import TextMessages
from antiphon.domains.identity.sealed import SEALED
from antiphon.domains.identity.signing_keys import SigningKeys
from antiphon.domains.integrations import api as integrations
from antiphon.domains.integrations import jobs as integrations_jobs
from antiphon.domains.integrations.ports import Scrobbler
from antiphon.domains.media import handlers as media_handlers
from antiphon.domains.media import jobs as media_jobs
from antiphon.domains.media.api import MediaTools
from antiphon.domains.media.covers.coverer import Coverer
from antiphon.domains.media.links import LinkSigner
from antiphon.domains.media.ports import Codecs, ObjectStore
from antiphon.domains.media.segments.segmenter import Segmenter
from antiphon.domains.media.transcodes.cache import DiskCache
from antiphon.domains.media.transcodes.places import Places
from antiphon.domains.media.transcodes.transcoder import Transcoder
from antiphon.domains.notifications import handlers as notifications_handlers
from antiphon.domains.notifications import jobs as notifications_jobs
from antiphon.domains.notifications.model import Letterhead
from antiphon.domains.notifications.ports import Mailer
from antiphon.domains.notifications.tools import LetterTools
from antiphon.domains.playback import handlers as playback_handlers
from antiphon.domains.playback import jobs as playback_jobs
from antiphon.domains.playback.api import ListenWriter
from antiphon.domains.social import handlers as social_handlers
from antiphon.domains.social import jobs as social_jobs
from antiphon.entry.edge import Edge, edge_of
from antiphon.entry.key_changes import hear_of_keys
from antiphon.entry.personal import personal_registry, privacy_tools
from antiphon.kit.clock import Clock, SystemClock
from antiphon.kit.db import APP_ROLE, Database
from antiphon.kit.fanout import Fanout
from antiphon.kit.housekeeping import housekeeping_jobs
from antiphon.kit.jobs import JobRegistry, JobSpec
from antiphon.kit.limits import Limits
from antiphon.kit.live import LiveHub
from antiphon.kit.personal import PersonalRegistry
from antiphon.kit.presence import Presence
from antiphon.kit.relay import FactHandlers
from antiphon.kit.remembered import with_rights
from antiphon.kit.sealed import SealedColumn
from antiphon.kit.secrets import Secrets
from antiphon.kit.settings import Settings
from antiphon.kit.vault import Kms, Vault, data_key_finder

__all__ = ["House", "build", "letter_tools"]


@dataclass(frozen=True, slots=True)
class House:
    """Everything that a process needs, whatever its role. `db_url` is the application's login."""

    settings: Settings
    clock: Clock
    secrets: Secrets
    vault: Vault
    sealed: Sequence[SealedColumn]
    db: Database
    db_url: str
    db_options: dict[str, str]
    jobs: JobRegistry
    handlers: FactHandlers
    hub: LiveHub
    fanout: Fanout
    presence: Presence
    identity: IdentityTools
    catalog: CatalogTools
    media: MediaTools
    listens: ListenWriter
    finder: Finder
    letters: LetterTools
    forwarding: integrations.ForwardTools
    edge: Edge
    version: str

    async def start(self) -> None:
        """Read what must be known before the first request."""
        with_rights(self.hub, self.media.coverer.forget)
        await self._load_keys()

    async def _load_keys(self) -> None:
        await self.vault.load(self.db)
        await self.identity.tokens.keys.load(self.db)

    async def _catch_up(self) -> None:
        """What was told while this process could not hear."""
        self.identity.keys.forget()
        await self._load_keys()
        await self.identity.standing.load(self.db)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Started, and hearing what other processes tell; closed at the end."""
        await self.start()
        try:
            async with self.listening():
                yield
        finally:
            await self.close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """What other processes tell arrives from here on."""
        stop = asyncio.Event()
        task = asyncio.create_task(
            self.hub.listen(
                self.db_url,
                stop,
                server_settings=self.db_options,
                caught_up=self._catch_up,
            )
        )
        carrying = asyncio.create_task(self.fanout.run(stop))
        await self.hub.connected(within_s=5)
        keys = asyncio.create_task(hear_of_keys(self.hub, self._load_keys))
        try:
            yield
        finally:
            keys.cancel()
            stop.set()
            await asyncio.wait([task, carrying, keys])  # whatever becomes of one, none is at the database any more
            await asyncio.gather(task, carrying)

    async def get_ready(self) -> None:
        """Start the codecs before anybody waits for them."""
        if isinstance(self.media.codecs, LocalCodecs):
            await self.media.codecs.get_ready()

    async def close(self) -> None:
        await self.listens.close()
        await self.finder.index.close()
        self.identity.passwords.close()
        for provider in self.identity.providers.values():
            await provider.close()
        await self.media.readers.close()
        await self.media.transcoder.close()
        await self.media.segmenter.close()
        if isinstance(self.media.codecs, LocalCodecs):
            await self.media.codecs.close()
        if self.edge.limits is not None:
            await self.edge.limits.close()
        await self.fanout.close()
        await self.db.close()


def build(
    settings: Settings,
    db_url: str,
    *,
    owner_login: bool = False,
    clock: Clock | None = None,
    codecs: Codecs | None = None,
    objects: ObjectStore | None = None,
    passwords: PasswordHasher | None = None,
    kms: Kms | None = None,
    texts: TextMessages | None = None,
    mailer: Mailer | None = None,
    limits: Limits | None = None,
    search: SearchIndex | None = None,
    scrobblers: Sequence[Scrobbler] | None = None,
    pool_size: int = 10,
) -> House:
    """`owner_login`: `db_url` signs in as the database's owner, and every connection drops to the application role."""
    clock = clock or SystemClock()
    secrets = Secrets.load(settings.home, settings.secret_key)
    db_options = {"role": APP_ROLE} if owner_login else {}
    kms = kms or open_kms(settings.kms_url, settings.kms_token, secrets)
    vault = Vault(kms, data_key_finder(db_url, db_options), earlier=[LocalKms(secrets)])
    jobs, handlers = JobRegistry(), FactHandlers()
    media = _media(settings, LinkSigner(secrets, clock), codecs, objects)
    catalog = CatalogTools(settings.artist_approval)
    registry = personal_registry(catalog, media, vault)
    _listen(handlers, registry)
    fanout = open_fanout(settings.fanout_url, hub := LiveHub())
    database = partial(Database.connect, hub=hub, fanout=fanout, pool_size=pool_size, drop_to_app_role=owner_login)
    db = database(db_url, clock, jobs, handlers.by_fact())
    edge = edge_of(settings, clock, limits)
    privacy = privacy_tools(settings, registry, media.objects)
    identity = identity_tools(settings, clock, secrets, vault, hub, passwords, edge.limits, texts, privacy)
    letters, forwarding = letter_tools(settings, clock, mailer), _forwarding(settings, vault, scrobblers)
    _put_to_work(jobs, db, media, _job_specs(db, identity, letters, forwarding))
    return House(
        settings=settings,
        clock=clock,
        secrets=secrets,
        vault=vault,
        sealed=(*SEALED, *integrations.SEALED),
        db=db,
        db_url=db_url,
        db_options=db_options,
        jobs=jobs,
        handlers=handlers,
        hub=hub,
        fanout=fanout,
        presence=open_presence(fanout, db, hub),
        identity=identity,
        catalog=catalog,
        media=media,
        listens=ListenWriter(db),
        finder=Finder(db, search or LocalSearch(settings.home / "search")),
        letters=letters,
        forwarding=forwarding,
        edge=edge,
        version=version("antiphon"),
    )


def _forwarding(settings: Settings, vault: Vault, scrobblers: Sequence[Scrobbler] | None) -> integrations.ForwardTools:
    if scrobblers is None:
        scrobblers = open_scrobblers(settings.listenbrainz_url, settings.lastfm_key, settings.lastfm_secret)
    known = {one.id: one for one in scrobblers}
    return integrations.ForwardTools(vault, known, f"{settings.site_url}/settings/connections")


def _job_specs(
    db: Database, identity: IdentityTools, letters: LetterTools, forwarding: integrations.ForwardTools
) -> list[JobSpec]:
    return [
        *catalog_jobs.specs(db),
        *identity_jobs.specs(db, identity),
        *notifications_jobs.specs(db, letters),
        *integrations_jobs.specs(db, forwarding),
        *playback_jobs.specs(db),
        *social_jobs.specs(db),
        *housekeeping_jobs(db),
    ]


def _put_to_work(jobs: JobRegistry, db: Database, media: MediaTools, specs: Sequence[JobSpec]) -> None:
    media_jobs.register(jobs, db, media)
    for spec in specs:
        jobs.add(spec)


def _listen(handlers: FactHandlers, registry: PersonalRegistry) -> None:
    catalog_handlers.register(handlers)
    media_handlers.register(handlers)
    notifications_handlers.register(handlers)
    playback_handlers.register(handlers)
    social_handlers.register(handlers)
    identity_handlers.register(handlers, registry)


def _media(settings: Settings, links: LinkSigner, codecs: Codecs | None, objects: ObjectStore | None) -> MediaTools:
    objects = objects or store_of(settings, links.clock)
    codecs = codecs or LocalCodecs(concurrency=settings.media_workers)
    targets = tuple(Path(one.strip()) for one in (settings.library_links or "").split(",") if one.strip())
    made = DiskCache(settings.home / "cache" / "transcodes", settings.transcode_cache_bytes, links.clock)
    places = Places(max(1, settings.media_workers // settings.web_workers))
    return MediaTools(
        objects=objects,
        codecs=codecs,
        readers=LocalTagReaders(concurrency=settings.scan_readers),
        links=links,
        staging=settings.home / "staging",
        upload_max_bytes=settings.upload_max_bytes,
        quota_bytes=settings.quota_bytes,
        transcoder=Transcoder(codecs, objects, made, places, targets),
        segmenter=Segmenter(codecs, objects, made, places, targets),
        coverer=Coverer(codecs, DiskCache(settings.home / "cache" / "covers", settings.cover_cache_bytes, links.clock)),
        link_targets=targets,
    )


def identity_tools(
    settings: Settings,
    clock: Clock,
    secrets: Secrets,
    vault: Vault,
    hub: LiveHub,
    passwords: PasswordHasher | None,
    limits: Limits | None,
    texts: TextMessages | None,
    privacy: PrivacyTools,
) -> IdentityTools:
    return IdentityTools(
        tokens=Tokens(SigningKeys(vault, secrets, clock), settings.site_url, clock),
        passwords=passwords or PasswordHasher(),
        standing=Standing(hub, clock),
        secrets=secrets,
        vault=vault,
        lockout=Lockout(limits, secrets),
        mailboxes=Mailboxes(limits, secrets),
        texts=texts or open_text_messages(settings.sms_url, settings.sms_token, settings.sms_body),
        keys=KeyRing(hub, clock, vault),
        relying_party=relying_party(settings.site_url, settings.passkey_origins),
        config=IdentityConfig(
            site_url=settings.site_url,
            registration=settings.registration,
            mail=bool(settings.mail_url),
            wallets=settings.wallets == "on",
            wallet_chains=tuple(int(chain) for chain in settings.wallet_chains.split(",")),
        ),
        wallet_keys=EthereumKeys(),
        chain=open_chain(settings.chain_rpc_urls),
        privacy=privacy,
        providers=open_providers(settings.providers, clock),
    )


def letter_tools(settings: Settings, clock: Clock, mailer: Mailer | None = None) -> LetterTools:
    """Needs no database: the operator's commands use it too. Raises SettingsError."""
    sender = sender_of(settings)
    return LetterTools(
        mailer=mailer or open_mailer(settings, clock),
        letterhead=Letterhead(
            site_url=settings.site_url,
            contact=settings.mail_reply_to or (sender.mailbox if settings.mail_from else None),
        ),
        sender=sender.mailbox,
    )
