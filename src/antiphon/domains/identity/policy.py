"""Who may do what: one function, `can`, and the tables that it reads. Pure.

A permission is a verb. Roles give permissions; a resource may add its own rule; an API key narrows what its owner may
do to its scopes, and never reaches what guards the account itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Protocol
from uuid import UUID

import msgspec

from antiphon.kit.access import PUBLIC

__all__ = ["PERMISSIONS", "ROLES", "SCOPES", "Asking", "Decision", "Resource", "Role", "can", "permissions_of"]

PERMISSIONS: Mapping[str, str] = {
    "account.identify": "Be told apart from others, by whoever was let in on one's behalf",
    "account.read": "See one's own account",
    "account.manage": "Change one's own profile and preferences",
    "security.manage": "See and change one's own sessions, factors, keys and linked sign-ins",
    "privacy.manage": "Export and delete one's own account, give and withdraw consent",
    "content.listen": "Listen, and have it remembered",
    "playlist.edit": "Make and change one's own playlists",
    "social.like": "Like and rate works",
    "social.share": "Make links that show works to others",
    "social.talk": "Read and write in the room where everybody talks",
    "content.make": "Make an artist profile, and with it become an artist",
    "content.edit": "See and change drafts and works of artists that one manages",
    "content.upload": "Upload sound and pictures for artists that one manages",
    "content.publish": "Publish works of artists that one manages",
    "artist.share": "Choose who manages an artist that one owns",
    "content.edit_any": "Change works of anybody",
    "artist.approve": "Decide whether a new artist profile may publish",
    "moderation.decide": "Decide about reports",
    "radio.manage": "Choose which internet radio stations the installation knows",
    "users.manage": "See accounts, grant roles, suspend people, look into the audit log",
    "invitations.manage": "Invite people",
    "libraries.manage": "Add, scan and remove libraries, and choose who hears them",
    "system.operate": "Run the installation",
}


class Role(msgspec.Struct, frozen=True):
    """What a role is for, and what it allows."""

    description: str
    permissions: frozenset[str]


# Whoever has an account may do these; every role stands on top of them.
_EVERYBODY = frozenset(
    {
        "account.identify",
        "account.read",
        "account.manage",
        "security.manage",
        "privacy.manage",
        "content.listen",
        "playlist.edit",
        "social.like",
        "social.share",
        "social.talk",
        "content.make",
        "content.edit",
        "content.upload",
        "content.publish",
        "artist.share",
    }
)
ROLES: Mapping[str, Role] = {
    "fan": Role("Listens, collects and talks", _EVERYBODY),
    "artist": Role("Publishes under an artist profile", _EVERYBODY),
    "producer": Role("Is credited on tracks and works in studio sessions", _EVERYBODY),
    "label": Role("Looks after a roster of artists", _EVERYBODY),
    "moderator": Role("Decides about reports and new artists", _EVERYBODY | {"artist.approve", "moderation.decide"}),
    "admin": Role("Runs the installation", frozenset(PERMISSIONS)),
}
_NAMED = frozenset({"account.identify"})
SCOPES: Mapping[str, frozenset[str]] = {
    "openid": _NAMED,
    "email": _NAMED,
    "listen": _NAMED | {"content.listen", "social.like"},
    "library": _NAMED
    | {"content.listen", "playlist.edit", "content.edit", "social.like", "social.share", "social.talk"},
    "upload": _NAMED | {"content.make", "content.edit", "content.upload"},
    "publish": _NAMED | {"content.edit", "content.publish"},
    "profile": _NAMED | {"account.read", "account.manage"},
}
# What a resource's own people are asked to be, for permissions about works: one of its managers, or of its label's.
_OF_MANAGERS = frozenset({"content.edit", "content.upload", "content.publish"})
_OVER_ALL = "content.edit_any"


class Asking(Protocol):
    """What the policy wants to know of an actor."""

    @property
    def user_id(self) -> UUID: ...
    @property
    def roles(self) -> frozenset[str]: ...
    @property
    def scopes(self) -> frozenset[str] | None: ...


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be seen or changed, as far as access goes.

    `owners` may do everything with it that their role allows; `managers` are those of its artist, `labels` the people
    who run the roster that the artist is on; `public` says that everybody may see it.
    """

    owners: frozenset[UUID] = frozenset()
    managers: frozenset[UUID] = frozenset()
    labels: frozenset[UUID] = frozenset()
    public: bool = False


class Decision(msgspec.Struct, frozen=True):
    """`reason` is a stable word for logs, answers and tests."""

    allowed: bool
    reason: str


_PUBLIC = Decision(True, "public")
_NOT_SIGNED_IN = Decision(False, "not_signed_in")
_UNKNOWN = Decision(False, "unknown_permission")


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """All that a set of roles allows; an unknown role allows nothing."""
    return _permissions_of(frozenset(roles))


@lru_cache(256)
def _permissions_of(roles: frozenset[str]) -> frozenset[str]:
    return frozenset().union(*(ROLES[role].permissions for role in roles if role in ROLES))


def can(actor: Asking | None, permission: str, resource: Resource | None = None) -> Decision:
    """Whether `actor` (None: a guest) may do it, and why or why not."""
    if permission == PUBLIC or (resource is not None and resource.public and permission == "content.listen"):
        return _PUBLIC
    if actor is None:
        return _NOT_SIGNED_IN if permission in PERMISSIONS else _UNKNOWN
    decided = _by_role(actor.roles, actor.scopes, permission)
    return _over(actor, permission, resource) if resource is not None and decided.allowed else decided


@lru_cache(4096)
def _by_role(roles: frozenset[str], scopes: frozenset[str] | None, permission: str) -> Decision:
    """Of whoever is signed in, before it is asked over what. Asked with every request."""
    if permission not in PERMISSIONS:
        return _UNKNOWN
    if permission not in _permissions_of(roles):
        return Decision(False, "role_missing")
    if scopes is not None and not any(permission in SCOPES.get(scope, ()) for scope in scopes):
        return Decision(False, "scope_missing")
    return Decision(True, "role")


def _over(actor: Asking, permission: str, resource: Resource) -> Decision:
    if actor.user_id in resource.owners:
        return Decision(True, "owner")
    if permission in _OF_MANAGERS and actor.user_id in resource.managers:
        return Decision(True, "manager")
    if permission in _OF_MANAGERS and actor.user_id in resource.labels:
        return Decision(True, "label")
    if _OVER_ALL in permissions_of(actor.roles) and actor.scopes is None:
        return Decision(True, "any")
    return Decision(False, "not_yours")
