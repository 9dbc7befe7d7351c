"""Where stored bytes live, chosen by one URL."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from antiphon.adapters.objects.cdn import BehindCdn, Cloudflare, CloudFront
from antiphon.adapters.objects.local import LocalStore
from antiphon.adapters.objects.memory import MemoryStore
from antiphon.domains.media.ports import ObjectStore
from antiphon.kit.clock import Clock
from antiphon.kit.settings import Settings, SettingsError

__all__ = ["open_store", "origins_of", "store_of"]


def store_of(settings: Settings, clock: Clock) -> ObjectStore:
    """The store that the settings name, behind the network that they name, if any. Raises SettingsError."""
    store = open_store(settings.storage_url, settings.home)
    if settings.cdn_url is None:
        return store
    if settings.cdn_key_file is None or (settings.cdn_signature == "cloudfront" and settings.cdn_key_id is None):
        raise SettingsError("ANTIPHON_CDN_URL needs ANTIPHON_CDN_KEY_FILE, and for CloudFront ANTIPHON_CDN_KEY_ID")
    try:
        key = settings.cdn_key_file.read_bytes()
        if settings.cdn_signature == "cloudflare":
            return BehindCdn(store, settings.cdn_url, Cloudflare(key.strip()), clock)
        return BehindCdn(store, settings.cdn_url, CloudFront(settings.cdn_key_id or "", key), clock)
    except (OSError, ValueError) as error:
        raise SettingsError(f"ANTIPHON_CDN_KEY_FILE: {error}") from error


def origins_of(settings: Settings) -> str:
    """Where stored bytes come from when it is not us who send them, as a page's policy names it; empty if never."""
    stored = urlsplit(settings.storage_url or "")
    found = []
    if stored.scheme == "s3":
        found.append(parse_qs(stored.query).get("endpoint", ["https://*.amazonaws.com"])[0])
    if settings.cdn_url is not None:
        found.append(settings.cdn_url)
    return " ".join(f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, found))


def open_store(url: str | None, home: Path) -> ObjectStore:
    """The store of a storage URL: `file:///path`, `memory://`, `s3://bucket/prefix?endpoint=…&region=…`.

    None or "" is the folder `objects` of the data folder `home`. Raises SettingsError for anything else.
    """
    if not url:
        return LocalStore(home / "objects")
    try:
        parts = urlsplit(url)
        options = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError as error:
        raise SettingsError(f"ANTIPHON_STORAGE_URL: {error}") from error
    if parts.scheme == "file" and parts.netloc in {"", "localhost"} and parts.path and not options:
        return LocalStore(Path(unquote(parts.path)))
    if parts.scheme == "memory" and not options:
        return MemoryStore()
    if parts.scheme == "s3" and parts.netloc and not parts.username and set(options) <= {"endpoint", "region"}:
        from antiphon.adapters.objects.s3 import S3Store

        return S3Store(
            parts.netloc,
            unquote(parts.path).strip("/"),
            endpoint=options.get("endpoint", [None])[0],
            region=options.get("region", [None])[0],
        )
    raise SettingsError(
        f"ANTIPHON_STORAGE_URL: {url!r} is none of file:///path, memory://, s3://bucket/prefix?endpoint=…&region=… "
        "(credentials go into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)"
    )
