"""Where stored bytes live, chosen by one URL."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from antiphon.adapters.objects.local import LocalStore
from antiphon.adapters.objects.memory import MemoryStore
from antiphon.domains.media.ports import ObjectStore
from antiphon.kit.settings import SettingsError

__all__ = ["open_store"]


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
