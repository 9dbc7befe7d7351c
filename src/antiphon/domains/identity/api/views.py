"""What identity shows of people, sessions and sign-ins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from antiphon.domains.identity.model import ACCESS_TOKEN_LIFE
from antiphon.kit.ids import Kind, out

__all__ = [
    "Avatar",
    "Me",
    "SecondFactorNeeded",
    "SignIn",
    "TokenPair",
    "User",
    "UserStats",
    "avatar_of",
    "user_of",
]

_links = msgspec.json.Decoder(list[str])
EXPIRES_IN = int(ACCESS_TOKEN_LIFE.total_seconds())


class Avatar(msgspec.Struct, frozen=True):
    """`sizes` maps the longer edge in pixels to a URL; `color` is the dominant colour."""

    color: str
    sizes: dict[str, str]


class UserStats(msgspec.Struct, frozen=True, kw_only=True):
    """`plays` are counted plays by the person, but for those in a private session."""

    followers: int
    plays: int
    likes: int


class User(msgspec.Struct, frozen=True, kw_only=True):
    """What everybody may see of a person. `verified`: this is who they say they are."""

    id: str
    handle: str
    display_name: str
    bio: str
    links: list[str]
    avatar: Avatar | None
    verified: bool
    stats: UserStats
    roles: list[str]
    created_at: datetime


class Me(User, frozen=True, kw_only=True):
    """What a person sees of themselves."""

    email: str | None
    email_verified: bool
    language: str
    private: bool
    version: int


class TokenPair(msgspec.Struct, frozen=True, kw_only=True):
    """`expires_in` is the access token's life in seconds; the refresh token works once."""

    access_token: str
    refresh_token: str
    token_type: str = "Bearer"  # noqa: S105
    expires_in: int = EXPIRES_IN


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody is in. A browser that asked for cookies gets the tokens in those, and here a `csrf_token` instead."""

    user: User
    tokens: TokenPair | None
    csrf_token: str | None = None
    expires_in: int = EXPIRES_IN


class SecondFactorNeeded(msgspec.Struct, frozen=True, kw_only=True):
    """The first factor was right; `ticket` takes one of `methods` to the end of the sign-in."""

    ticket: str
    methods: list[str]


_avatar = msgspec.json.Decoder(Avatar)


def avatar_of(kept: Any) -> Avatar | None:
    return _avatar.decode(kept) if kept else None


def user_of(row: Any) -> User:
    return User(
        id=out(Kind.USER, row.id),
        handle=row.handle,
        display_name=row.display_name,
        bio=row.bio,
        links=_links.decode(row.links),
        avatar=avatar_of(row.avatar),
        verified=row.verified_at is not None,
        stats=UserStats(followers=row.followers, plays=row.plays, likes=row.likes),
        roles=list(row.roles),
        created_at=row.created_at,
    )
