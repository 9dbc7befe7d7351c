"""What identity's routes take, and the limits of each piece."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar.params import HeaderParameter, QueryParameter
from msgspec import Meta

from antiphon.domains.identity.model import PASSWORD_MAX, PASSWORD_MIN
from antiphon.domains.identity.passkeys import RegistrationCredential

__all__ = [
    "AnyPassword",
    "Awaited",
    "Cursor",
    "DeviceName",
    "DisplayName",
    "Email",
    "EmailChange",
    "EmailProof",
    "Forgotten",
    "Handle",
    "IfMatch",
    "Language",
    "Limit",
    "Login",
    "MeChange",
    "NewInvitation",
    "NewPassword",
    "OpaqueToken",
    "PasswordChange",
    "PasswordReset",
    "RefreshToken",
    "Registration",
    "SignInLink",
    "Suspension",
]

IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description='The ETag that was edited, such as "v3"')]
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before")]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]
Email = Annotated[
    str, Meta(max_length=320, description="Upper and lower case make no difference", examples=["ada@example.org"])
]
NewPassword = Annotated[str, Meta(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX)]
AnyPassword = Annotated[str, Meta(max_length=PASSWORD_MAX)]
Handle = Annotated[str, Meta(max_length=60, description="2 to 30 of a to z, 0 to 9, `_` and `.`", examples=["ada"])]
DisplayName = Annotated[str, Meta(max_length=200, description="1 to 64 characters", examples=["Ada Lovelace"])]
OpaqueToken = Annotated[str, Meta(min_length=1, max_length=200, pattern="^[A-Za-z0-9_-]+$")]
Language = Literal["en", "es", "fr", "de", "ja", "ar", "he"]


class Registration(msgspec.Struct, frozen=True):
    """With a password, or in its place with a passkey that was made for the purpose `sign_up`."""

    email: Email
    handle: Handle
    display_name: DisplayName
    password: NewPassword | None = None
    passkey: RegistrationCredential | None = None
    invitation: OpaqueToken | None = None


class Login(msgspec.Struct, frozen=True):
    email: Email
    password: AnyPassword


class RefreshToken(msgspec.Struct, frozen=True):
    """A browser that keeps its token in a cookie sends none here."""

    refresh_token: OpaqueToken | None = None


class SignInLink(msgspec.Struct, frozen=True):
    token: OpaqueToken


class MeChange(msgspec.Struct, frozen=True):
    """Only what is sent changes."""

    display_name: DisplayName | None = None
    handle: Handle | None = None
    language: Language | None = None
    bio: Annotated[str, Meta(max_length=5000, description="At most 2000 characters")] | None = None
    links: (
        Annotated[
            list[Annotated[str, Meta(max_length=1000)]],
            Meta(max_length=20, description="At most 5 https addresses", examples=[["https://ada.example"]]),
        ]
        | None
    ) = None


class Forgotten(msgspec.Struct, frozen=True):
    email: Email


class PasswordReset(msgspec.Struct, frozen=True):
    token: OpaqueToken
    password: NewPassword


class PasswordChange(msgspec.Struct, frozen=True):
    """`current` is left away by who has no password yet."""

    password: NewPassword
    current: AnyPassword | None = None


class EmailChange(msgspec.Struct, frozen=True):
    email: Email


class EmailProof(msgspec.Struct, frozen=True):
    """The token behind the `#` of a letter's link, and which kind of link it was.

    `handle` is for who signs up, where theirs was taken while the letter was on its way.
    """

    token: OpaqueToken
    kind: Literal["sign_up", "email_change"] = "sign_up"
    handle: Handle | None = None


class DeviceName(msgspec.Struct, frozen=True):
    """Without a name the device is called after its browser again."""

    name: Annotated[str, Meta(max_length=64, examples=["Kitchen radio"])]


class Suspension(msgspec.Struct, frozen=True):
    """`reason` is shown to the person; without `until` it holds until it is lifted."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    until: Annotated[datetime, Meta(tz=True)] | None = None


class NewInvitation(msgspec.Struct, frozen=True):
    """With an address the invitation holds for that one only."""

    email: Email | None = None
    note: Annotated[str, Meta(max_length=500)] = ""


class Awaited(msgspec.Struct, frozen=True):
    """Nothing more is told here; a letter went to whoever has the address."""

    state: Literal["check_mail"] = "check_mail"
