"""Settings from `ANTIPHON_*` and `antiphon.toml`, checked once at start."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

__all__ = ["ProviderSettings", "Settings", "SettingsError", "load_settings"]

GIB = 1024**3
_IN_JSON = frozenset({"providers"})


class SettingsError(Exception):
    """A setting is unknown or has a value that cannot be; the text says which and what would do."""


class ProviderSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One place where people sign in, as the operator writes it; what is left out comes from the preset."""

    id: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,29}$")]
    preset: str = "oidc"
    client_id: Annotated[str, Meta(min_length=1)]
    client_secret: str | None = None
    name: str | None = None
    issuer: str | None = None
    scopes: list[str] | None = None
    algorithms: list[str] | None = None
    token_auth: str | None = None
    trust_email: bool | None = None
    keep_tokens: bool = False
    team_id: str | None = None
    key_id: str | None = None
    private_key: str | None = None
    private_key_file: Path | None = None

    def __repr__(self) -> str:
        """Without its secrets: settings are printed in logs and by accident."""
        return f"ProviderSettings(id={self.id!r}, preset={self.preset!r})"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    home: Annotated[Path, Meta(description="The data folder: database, music, keys, logs.")] = Path(".antiphon")
    host: Annotated[str, Meta(description="Address to listen on; `0.0.0.0` lets other machines in.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535, description="Port to listen on.")] = 8420
    realtime_port: Annotated[
        int,
        Meta(
            ge=1,
            le=65535,
            description="Port on which `antiphon realtime` serves `/ws`, for a proxy to send that path to. "
            "Without such a process the web server does it.",
        ),
    ] = 8421
    public_url: Annotated[
        str | None, Meta(description="The address people type, where it differs from `http://localhost:PORT`.")
    ] = None
    passkey_origins: Annotated[
        str | None,
        Meta(
            description="Further origins of the same host whose passkeys count, separated by commas, as browsers and "
            "apps name them: `https://app.example.org,android:apk-key-hash:…`."
        ),
    ] = None
    database_url: Annotated[
        str | None,
        Meta(description="A PostgreSQL (18 or newer) to use instead of the embedded one: `postgresql://user@host/db`."),
    ] = None
    database_owner_url: Annotated[
        str | None,
        Meta(
            description="The owner's login for migrations, where `database_url` is the application's own login. "
            "Without it one login does both and drops to the role `antiphon_app` for everything but migrations."
        ),
    ] = None
    storage_url: Annotated[
        str | None, Meta(description="Where stored bytes live: `file:///path` or `s3://bucket/prefix?endpoint=…`.")
    ] = None
    cdn_url: Annotated[
        Annotated[str, Meta(pattern=r"^https?://[^/?#\s]+[^?#\s]*$")] | None,
        Meta(
            description="A delivery network that sends music and pictures: an address that leads to the keys of the "
            "store, such as `https://d111111abcdef8.cloudfront.net` or `https://cdn.example.org/music`."
        ),
    ] = None
    cdn_signature: Annotated[
        Literal["cloudfront", "cloudflare"],
        Meta(
            description="How that network wants links signed: CloudFront's canned policy, or Cloudflare's timed HMAC."
        ),
    ] = "cloudfront"
    cdn_key_file: Annotated[
        Path | None,
        Meta(description="The file with the RSA key (PEM) for CloudFront, or with the secret shared with Cloudflare."),
    ] = None
    cdn_key_id: Annotated[
        Annotated[str, Meta(pattern="^[A-Za-z0-9]+$")] | None,
        Meta(description="The name that CloudFront gave the public half of that key."),
    ] = None
    accel_prefix: Annotated[
        Annotated[str, Meta(pattern="^/[A-Za-z0-9_/-]+/$")] | None,
        Meta(
            description="Where nginx sends files by itself: its internal location for the whole file system, such as "
            "`/antiphon-files/`. Counts for requests that come through a trusted proxy."
        ),
    ] = None
    secret_key: Annotated[
        str | None,
        Meta(description="Master secret, base64 of at least 32 bytes; else one is made in the data folder."),
    ] = None
    kms_url: Annotated[
        str | None,
        Meta(
            description="An outside service that wraps the data keys instead of the master secret: an address that "
            "answers `POST /wrap` and `POST /unwrap`."
        ),
    ] = None
    kms_token: Annotated[str | None, Meta(description="What the key service wants to hear as bearer token.")] = None
    sms_url: Annotated[
        str | None,
        Meta(description="A gateway that takes text messages by POST; without it codes by text message are off."),
    ] = None
    sms_token: Annotated[str | None, Meta(description="What the text gateway wants to hear as bearer token.")] = None
    sms_body: Annotated[
        str,
        Meta(
            description="What the text gateway wants to read: a JSON object, or a form such as "
            "`To={number}&Body={text}`."
        ),
    ] = '{"to": "{number}", "text": "{text}"}'
    listenbrainz_url: Annotated[
        str,
        Meta(description="Whom people can have told what they hear, as ListenBrainz is; empty: nobody."),
    ] = "https://api.listenbrainz.org"
    lastfm_key: Annotated[
        str | None, Meta(description="The API key of this installation at Last.fm; without it Last.fm is not offered.")
    ] = None
    lastfm_secret: Annotated[str | None, Meta(description="The shared secret that belongs to the key.")] = None
    wallets: Annotated[Literal["on", "off"], Meta(description="Sign-in by wallet (EIP-4361), offered or not.")] = "on"
    wallet_chains: Annotated[
        str,
        Meta(
            pattern=r"^[1-9][0-9]{0,17}(, *[1-9][0-9]{0,17})*$",
            description="Chains (EIP-155) that wallets may be on when they sign in: `1,8453`. The first is proposed.",
        ),
    ] = "1"
    chain_rpc_urls: Annotated[
        str | None,
        Meta(
            description="JSON-RPC nodes to ask about wallets that are contracts (EIP-1271), one for each chain: "
            "`1=https://…,8453=https://…`. Without one such wallets cannot sign in."
        ),
    ] = None
    demo: Annotated[bool, Meta(description="Make the demo (artists, albums, tracks) on the first start.")] = True
    guest_listening: Annotated[bool, Meta(description="Published public music can be heard without an account.")] = True
    registration: Annotated[
        Literal["open", "invitation", "closed"], Meta(description="Who may make an account: anybody, guests, nobody.")
    ] = "open"
    artist_approval: Annotated[
        Literal["open", "required"],
        Meta(description="Whether a new artist can publish at once, or after a moderator approved the profile."),
    ] = "open"
    cors_origins: Annotated[
        str | None,
        Meta(
            description="Other sites whose pages may call the API, separated by commas: `https://a.org,https://b.org`."
        ),
    ] = None
    deletion_grace_days: Annotated[
        int, Meta(ge=0, le=60, description="Days in which a deleted account can be had back before it is erased.")
    ] = 14
    consents_asked: Annotated[
        str,
        Meta(
            description="What people are asked to consent to, separated by commas: `terms`, `privacy`, `newsletter`, "
            "`analytics`. Nothing, unless you do something here that needs it."
        ),
    ] = ""
    mail_url: Annotated[
        str | None,
        Meta(
            description="The mail server: `smtp://user:password@host:587`, `smtps://…`, or `file:///folder` to keep "
            "letters as files. Without it mail counts as not configured, and letters are printed to the terminal."
        ),
    ] = None
    mail_from: Annotated[
        str | None, Meta(description="Who letters come from: `Our Music <music@our.org>`; needed with a mail server.")
    ] = None
    mail_reply_to: Annotated[
        str | None, Meta(description="The address that answers questions about letters; else that of `mail_from`.")
    ] = None
    upload_max_bytes: Annotated[int, Meta(ge=1, description="Largest file that can be uploaded.")] = 4 * GIB
    quota_bytes: Annotated[int, Meta(ge=0, description="How much one person may store.")] = 20 * GIB
    transcode_cache_bytes: Annotated[
        int,
        Meta(ge=0, description="How much room files made on demand may take; those nobody asked for longest go first."),
    ] = 10 * GIB
    cover_cache_bytes: Annotated[int, Meta(ge=0, description="How much room pictures scaled on demand may take.")] = GIB
    missing_covers: Annotated[
        Literal["plain", "none"],
        Meta(description="What is shown of music without a picture: a plain one, or nothing (404)."),
    ] = "plain"
    limits: Annotated[
        Literal["on", "off"], Meta(description="Whether requests and sign-in attempts are limited; off for benchmarks.")
    ] = "on"
    limits_url: Annotated[
        str | None,
        Meta(
            description="Where requests are counted for several machines: `redis://host:6379/0`. Else on this machine."
        ),
    ] = None
    fanout_url: Annotated[
        str | None,
        Meta(
            description="What carries live events between processes, and knows who is there: `redis://host:6379/0`. "
            "Else the database."
        ),
    ] = None
    limit_rates: Annotated[
        str | None,
        Meta(description="Other limits than the defaults, as requests/seconds: `read=600/60,register=5/3600`."),
    ] = None
    trusted_proxies: Annotated[
        str | None,
        Meta(
            description="Proxies that say who the client is, by address or network: `127.0.0.1,10.0.0.0/8`. "
            "Nobody is trusted without."
        ),
    ] = None
    proxy_header: Annotated[
        Literal["x-forwarded-for", "forwarded"],
        Meta(description="The one header in which the trusted proxies say it."),
    ] = "x-forwarded-for"
    territory: Annotated[
        Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None,
        Meta(
            description="The country (ISO 3166) that listeners are taken to be in, where no proxy says it. "
            "Without, what may be heard in some countries only is heard by its managers alone.",
        ),
    ] = None
    territory_header: Annotated[
        Annotated[str, Meta(pattern="^[A-Za-z0-9-]+$")] | None,
        Meta(
            description="The header in which the trusted proxies say the listener's country, such as `cf-ipcountry`.",
        ),
    ] = None
    web_workers: Annotated[int, Meta(ge=1, le=64, description="Web server processes.")] = max(
        1, (os.cpu_count() or 1) // 2
    )
    media_workers: Annotated[int, Meta(ge=1, le=64, description="Codec processes that run at the same time.")] = (
        os.cpu_count() or 1
    )
    scan_readers: Annotated[
        int, Meta(ge=1, le=64, description="Processes that read the tags of libraries' files at the same time.")
    ] = min(4, os.cpu_count() or 1)
    library_links: Annotated[
        str | None,
        Meta(
            description="Folders outside of all libraries that links within libraries may lead to, with commas between "
            "them: `/mnt/disk2/music,/srv/shared`. Links into a library that is as open are followed anyway."
        ),
    ] = None
    providers: Annotated[
        list[ProviderSettings],
        Meta(
            description="Where people can sign in besides here: `[[providers]]` tables in the file, a JSON list in the "
            "environment. See the guide to sign-in providers."
        ),
    ] = []
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="Least level that is logged.")
    ] = "info"
    log_format: Annotated[Literal["console", "json"], Meta(description="How log lines are written.")] = "console"

    @property
    def site_url(self) -> str:
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")


def load_settings(environ: Mapping[str, str] | None = None, toml_path: Path | None = None) -> Settings:
    """Environment before file before default. Raises SettingsError for unknown names and impossible values."""
    environ = os.environ if environ is None else environ
    path = toml_path or Path(environ.get("ANTIPHON_CONFIG", "antiphon.toml"))
    values: dict[str, Any] = {}
    if path.exists():
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path}: {error}") from error
    unknown = set(values) - set(Settings.__struct_fields__)
    if unknown:
        raise SettingsError(f"{path}: there is no setting called {', '.join(sorted(unknown))}")
    for name in Settings.__struct_fields__:
        given = environ.get(f"ANTIPHON_{name.upper()}")
        if given is not None and given != "":
            values[name] = _from_json(name, given) if name in _IN_JSON else given
    if isinstance(values.get("home"), str):
        values["home"] = Path(values["home"]).expanduser().absolute()
    try:
        settings = msgspec.convert(values, Settings, strict=False, dec_hook=_decode)
    except msgspec.ValidationError as error:
        raise SettingsError(f"settings: {error} (environment ANTIPHON_…, or {path})") from error
    return msgspec.structs.replace(settings, home=settings.home.absolute())


def _from_json(name: str, text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.MsgspecError as error:  # it tells the place, not the text: there are secrets in it
        raise SettingsError(f"settings: ANTIPHON_{name.upper()}: {error}") from None


def _decode(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value)
    raise NotImplementedError(kind)
