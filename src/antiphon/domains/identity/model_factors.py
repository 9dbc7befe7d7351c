"""Rules of second factors: codes of authenticator apps, recovery codes, codes by text message, trust; no I/O."""

from __future__ import annotations

import base64
import hmac
import re
import secrets as random
from datetime import datetime, timedelta

from pyotp import HOTP
from pyotp.utils import build_uri

from antiphon.kit.errors import FieldProblem, Invalid

__all__ = [
    "RECOVERY_CODES",
    "RESEND_AFTER",
    "TEXTS_AN_HOUR",
    "TEXT_CODE_LIFE",
    "TEXT_CODE_TRIES",
    "TICKET_TRIES",
    "TRUST_LIFE",
    "clean_code",
    "clean_number",
    "hidden_number",
    "lock_after",
    "matching_step",
    "new_recovery_codes",
    "new_seed",
    "new_text_code",
    "otpauth_url",
    "plain_recovery_code",
    "seed_letters",
    "totp_code",
]

SEED_BYTES = 20  # RFC 4226, 4: as long as SHA-1's output
STEP_S = 30
WINDOW = 1  # steps to either side, for clocks that go wrong
RECOVERY_CODES = 10
RECOVERY_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32: none looks like another
RECOVERY_LENGTH = 10  # 50 bits, stored under a keyed digest
TEXT_CODE_DIGITS = 6
TEXT_CODE_LIFE = timedelta(minutes=10)
TEXT_CODE_TRIES = 5
TEXTS_AN_HOUR = 5
RESEND_AFTER = timedelta(seconds=30)
TICKET_TRIES = 5
TRUST_LIFE = timedelta(days=30)
FREE_FAILURES = 10
LONGEST_LOCK = timedelta(hours=1)

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164: at most 15 digits, the country's code first


def new_seed() -> bytes:
    return random.token_bytes(SEED_BYTES)


def seed_letters(seed: bytes) -> str:
    """The seed as people type it into an app: base32 without padding."""
    return base64.b32encode(seed).decode().rstrip("=")


def totp_code(seed: bytes, step: int) -> str:
    """RFC 6238 with SHA-1 and six digits: what every authenticator app can do."""
    return str(HOTP(seed_letters(seed)).at(step))


def matching_step(seed: bytes, code: str, at: datetime) -> int | None:
    """The time step whose code this is, one step to either side of now; None where it is none of them.

    Every candidate is compared, in constant time.
    """
    now = int(at.timestamp()) // STEP_S
    steps = range(max(0, now - WINDOW), now + WINDOW + 1)
    found = [step for step in steps if hmac.compare_digest(totp_code(seed, step).encode(), code.encode())]
    return found[-1] if found else None


def otpauth_url(seed: bytes, *, account: str, issuer: str) -> str:
    """What the QR code says (Key URI Format)."""
    return str(build_uri(seed_letters(seed), account, issuer=issuer))


def new_recovery_codes() -> list[str]:
    """Ten codes in two groups of five letters, as they are shown."""
    codes: set[str] = set()
    while len(codes) < RECOVERY_CODES:
        letters = "".join(random.choice(RECOVERY_LETTERS) for _ in range(RECOVERY_LENGTH))
        codes.add(f"{letters[:5]}-{letters[5:]}")
    return sorted(codes)


def plain_recovery_code(typed: str) -> str:
    """What is digested: without blanks and dashes, small, the letters that people mistake put right."""
    letters = "".join(letter for letter in typed.lower() if letter.isascii() and letter.isalnum())
    return letters.translate(str.maketrans("oil", "011"))


def clean_code(typed: str) -> str:
    """Six digits as somebody typed or pasted them: `123 456`, full-width or other digits included."""
    digits = [str(int(letter)) for letter in typed if letter.isdecimal()]
    return "".join(digits)


def new_text_code() -> str:
    return f"{random.randbelow(10**TEXT_CODE_DIGITS):0{TEXT_CODE_DIGITS}}"


def clean_number(typed: str) -> str:
    """E.164 (`+4915112345678`) of a number with blanks, dashes, dots, brackets or a leading 00. Raises Invalid."""
    number = re.sub(r"[\s().\-/\u200e\u202a-\u202c]", "", typed)
    number = "".join(str(int(letter)) if letter.isdecimal() else letter for letter in number)
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if not _NUMBER.fullmatch(number):
        raise Invalid(
            FieldProblem(
                "/number", "invalid_number", "A number begins with + and the country's code: +49 151 12345678."
            )
        )
    return number


def hidden_number(number: str) -> str:
    """Enough for its owner to know it again: the last two digits."""
    return number[-2:]


def lock_after(failures: int) -> timedelta | None:
    """How long no code is taken after so many wrong ones in a row: from the tenth on a minute, doubling to an hour."""
    if failures < FREE_FAILURES:
        return None
    return min(LONGEST_LOCK, timedelta(minutes=2 ** min(failures - FREE_FAILURES, 10)))
