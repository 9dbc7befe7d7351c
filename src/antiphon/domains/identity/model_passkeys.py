"""Rules of passkeys: where they can work, when a counter betrays a copy, what a key is called; no I/O."""

from __future__ import annotations

import ipaddress
import secrets as random
import unicodedata
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from antiphon.kit.errors import FieldProblem, Invalid

__all__ = [
    "CEREMONY_LIFE",
    "PASSKEYS_AT_MOST",
    "PASSKEY_NAME_MAX",
    "NoPasskeys",
    "RelyingParty",
    "clean_key_name",
    "clean_transports",
    "counter_went_back",
    "maker_of",
    "new_user_handle",
    "relying_party",
]

CEREMONY_LIFE = timedelta(minutes=5)
PASSKEYS_AT_MOST = 20
PASSKEY_NAME_MAX = 64
USER_HANDLE_BYTES = 64  # the longest that WebAuthn allows
_TRANSPORTS = frozenset({"usb", "nfc", "ble", "smart-card", "hybrid", "internal"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

# What authenticators say they are, as their makers publish it; anything else has no name of its own.
_MAKERS = {
    UUID(aaguid): name
    for name, aaguids in {
        "1Password": ["bada5566-a7aa-401f-bd96-45619a55120d"],
        "Bitwarden": ["d548826e-79b4-db40-a3d8-11116f7e8349"],
        "Chrome": ["adce0002-35bc-c60a-648b-0b25f1f05503", "b5397666-4885-aa6b-cebf-e52262a439a2"],
        "Dashlane": ["531126d6-e717-415c-9320-3d9aa6981239"],
        "Edge": ["771b48fd-d3d4-4f74-9232-fc157ab0507a"],
        "Enpass": ["f3809540-7f14-49c1-a8b3-8f813b225541"],
        "Google Password Manager": ["ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4"],
        "iCloud Keychain": ["fbfc3007-154e-4ecc-8c0b-6e020557d7bd", "dd4ec289-e01d-41c9-bb89-70fa845d4bf2"],
        "KeePassXC": ["fdb141b2-5d84-443e-8a35-4698c205a502"],
        "Keeper": ["0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6"],
        "LastPass": ["b78a0a55-6ef8-d246-a042-ba0f6d55050c"],
        "NordPass": ["b84e4048-15dc-4dd0-8640-f4f60813c8af"],
        "Proton Pass": ["50726f74-6f6e-5061-7373-50726f746f6e"],
        "Samsung Pass": ["53414d53-554e-4700-0000-000000000000"],
        "Windows Hello": [
            "08987058-cadc-4b81-b6e1-30de50dcbe96",
            "9ddd1817-af5a-4672-a2b9-3e3dd95000a9",
            "6028b017-b1d4-4c02-b4b3-afcdafc96bb2",
        ],
        "YubiKey 5": [
            "cb69481e-8ff7-4039-93ec-0a2729a154a8",
            "ee882879-721c-4913-9775-3dfcce97072a",
            "fa2b99dc-9e39-4257-8f92-4a30d23c4118",
            "2fc0579f-8113-47ea-b116-bb5a8db9202a",
            "c5ef55ff-ad9a-4b9f-b580-adebafe026d0",
            "73bb0cd4-e502-49b8-9c6f-b59445bf720b",
        ],
    }.items()
    for aaguid in aaguids
}


class RelyingParty(msgspec.Struct, frozen=True, tag=True):
    """Whom a passkey is made for: a host name, and the origins whose pages may use it."""

    id: str
    name: str
    origins: tuple[str, ...]


class NoPasskeys(msgspec.Struct, frozen=True, tag=True):
    """Why browsers would not make passkeys for this address: a stable word for pages, a sentence for operators."""

    code: Literal["ip_address", "no_host", "insecure"]
    reason: str


def relying_party(site_url: str, further_origins: str | None = None) -> RelyingParty | NoPasskeys:
    """What the address people type means for passkeys.

    `further_origins`, separated by commas, are other pages and apps of the same host, as the browser names them.
    """
    parts = urlsplit(site_url)
    host = (parts.hostname or "").rstrip(".")
    if _is_address(host):
        return NoPasskeys(
            "ip_address",
            f"Browsers make no passkeys for an IP address ({host}); open the site by a name, such as localhost.",
        )
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        name = ""
    if not name:
        return NoPasskeys("no_host", f"The public address has no host name ({site_url}).")
    local = name == "localhost" or name.endswith(".localhost")
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        return NoPasskeys("insecure", f"Browsers make passkeys over https only, and the public address is {site_url}.")
    port = "" if parts.port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{parts.port}"
    further = [origin.strip() for origin in (further_origins or "").split(",") if origin.strip()]
    return RelyingParty(name, "Antiphon", (f"{parts.scheme}://{name}{port}", *further))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def new_user_handle() -> bytes:
    """What an authenticator knows an account by: random, so that it tells nothing and outlives every rename."""
    return random.token_bytes(USER_HANDLE_BYTES)


def counter_went_back(stored: int, presented: int) -> bool:
    """Whether two authenticators sign with one key: a copy's counter falls behind. Those that never count stay at 0."""
    return (stored > 0 or presented > 0) and presented <= stored


def clean_key_name(text: str) -> str:
    """NFC, spaces folded, 1 to 64 characters. Raises Invalid."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    seen = any(unicodedata.category(letter) not in _UNSEEN for letter in name)
    if not seen or len(name) > PASSKEY_NAME_MAX or any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in name):
        raise Invalid(FieldProblem("/name", "invalid_name", f"A name has 1 to {PASSKEY_NAME_MAX} visible characters."))
    return name


def clean_transports(given: list[str]) -> list[str]:
    """Those that the specification names, sorted; what a browser may say of them later is no reason to refuse now."""
    return sorted(_TRANSPORTS.intersection(given))


def maker_of(aaguid: UUID) -> str | None:
    """The maker's name for this kind of authenticator; most that sync say nothing (all zeros)."""
    return _MAKERS.get(aaguid)
