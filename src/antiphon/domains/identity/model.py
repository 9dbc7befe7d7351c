"""Rules of names, addresses and time; no I/O."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from antiphon.kit.errors import FieldProblem, Invalid

__all__ = [
    "ACCESS_TOKEN_LIFE",
    "DEFAULT_ROLE",
    "FRESH_FOR",
    "INVITATION_LIFE",
    "PASSWORD_MAX",
    "PASSWORD_MIN",
    "PROOF_WITHIN",
    "REFRESH_GRACE",
    "REFRESH_TOKEN_LIFE",
    "SIGN_IN_LINK_LIFE",
    "clean_display_name",
    "clean_email",
    "clean_handle",
    "clean_user_agent",
    "email_key",
    "is_suspended",
    "wants_second_factor",
]

ACCESS_TOKEN_LIFE = timedelta(minutes=15)
REFRESH_TOKEN_LIFE = timedelta(days=30)
REFRESH_GRACE = timedelta(seconds=10)  # for two tabs of one browser that renew at the same time
SIGN_IN_LINK_LIFE = timedelta(hours=24)
INVITATION_LIFE = timedelta(days=14)
PROOF_WITHIN = timedelta(days=7)
FRESH_FOR = timedelta(minutes=10)
DEFAULT_ROLE = "fan"
PASSWORD_MIN, PASSWORD_MAX = 8, 256
DISPLAY_NAME_MAX = 64
EMAIL_MAX = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
LOCAL_PART_MAX = 64
USER_AGENT_MAX = 300

_HANDLE = re.compile(r"(?!.*\.\.)[a-z0-9_][a-z0-9_.]{0,28}[a-z0-9_]")
_LOCAL_PART = re.compile(r"[^\s@\"(),:;<>\[\]\\\x00-\x1f\x7f]+")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they can turn a name around
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"})


def clean_handle(text: str) -> str:
    """2 to 30 of `a-z 0-9 _ .`, lower-cased; a dot stands neither first, last nor beside another. Raises Invalid."""
    handle = unicodedata.normalize("NFKC", text).strip().lower()
    if not _HANDLE.fullmatch(handle):
        raise Invalid(
            FieldProblem(
                "/handle",
                "invalid_handle",
                "A handle has 2 to 30 letters a to z, digits, underscores or dots, and no dot at its ends.",
            )
        )
    return handle


def clean_display_name(text: str) -> str:
    """NFC, spaces folded, 1 to 64 characters with something to see in them. Raises Invalid."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    categories = [unicodedata.category(letter) for letter in name]
    seen = any(category not in _UNSEEN for category in categories)
    controls = any(category in {"Cc", "Cs"} for category in categories) or not _DIRECTION_MARKS.isdisjoint(name)
    if not seen or controls or len(name) > DISPLAY_NAME_MAX:
        raise Invalid(
            FieldProblem(
                "/display_name", "invalid_display_name", f"A name has 1 to {DISPLAY_NAME_MAX} visible characters."
            )
        )
    return name


def clean_email(text: str) -> str:
    """The address as it is written to: NFC, the host in lower-case ASCII (IDNA). Raises Invalid."""
    address = unicodedata.normalize("NFC", text).strip()
    local, at, host = address.rpartition("@")
    try:
        ascii_host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        ascii_host = ""
    cleaned = f"{local}@{ascii_host}"
    good = (
        at
        and len(local) <= LOCAL_PART_MAX
        and len(cleaned) <= EMAIL_MAX
        and _LOCAL_PART.fullmatch(local)
        and not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs"} for letter in local)
        and _HOST.fullmatch(ascii_host)
    )
    if not good:
        raise Invalid(FieldProblem("/email", "invalid_email", "This is not an e-mail address."))
    return cleaned


def email_key(cleaned: str) -> str:
    """What two spellings of one address share; addresses are told apart by it."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cleaned).casefold())


def clean_user_agent(text: str | None) -> str:
    """What a device calls itself, printable and short; empty where it keeps silent."""
    return "".join(letter for letter in text or "" if letter.isprintable())[:USER_AGENT_MAX]


def is_suspended(since: datetime | None, until: datetime | None, now: datetime) -> bool:
    """A suspension without an end holds until it is lifted."""
    return since is not None and (until is None or until > now)


def wants_second_factor(method: str, proven: Iterable[str], enrolled: Iterable[str]) -> bool:
    """One factor is not enough for who enrolled a second, unless what they showed was two in one.

    A passkey that verified its user is something one has and something one knows or is.
    """
    enough = {"user_verified", "second_factor"}
    return bool(set(enrolled) - {"recovery"}) and enough.isdisjoint(proven) and method != "register"
