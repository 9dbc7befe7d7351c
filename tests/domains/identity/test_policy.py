"""The policy: who may do what, as a table and as properties of the one function."""

from __future__ import annotations

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.identity.policy import PERMISSIONS, ROLES, SCOPES, Resource, can, permissions_of
from antiphon.domains.identity.tokens import Actor

ADA, EVE = UUID(int=1), UUID(int=2)
GUARDS = {"security.manage", "privacy.manage", "users.manage", "invitations.manage", "system.operate"}

roles = st.frozensets(st.sampled_from(sorted(ROLES)), max_size=3)
scopes = st.none() | st.frozensets(st.sampled_from(sorted(SCOPES)))
people = st.frozensets(st.sampled_from([ADA, EVE]))
resources = st.none() | st.builds(Resource, owners=people, managers=people, labels=people, public=st.booleans())
permissions = st.sampled_from([*sorted(PERMISSIONS), "public", "no.such"])
actors = st.builds(
    lambda user, roles, scopes: Actor(user, None, roles, None, scopes), st.sampled_from([ADA, EVE]), roles, scopes
)


def actor(*held: str, scopes: frozenset[str] | None = None) -> Actor:
    return Actor(ADA, uuid4(), frozenset(held), None, scopes)


def test_a_guest_may_only_what_is_public() -> None:
    assert can(None, "public").allowed
    assert can(None, "content.listen", Resource(public=True)).allowed
    assert {can(None, permission).reason for permission in PERMISSIONS} == {"not_signed_in"}


def test_administration_is_for_administrators() -> None:
    for permission in GUARDS - {"security.manage", "privacy.manage"}:
        assert can(actor("admin"), permission).allowed
        assert can(actor("fan", "artist", "label", "moderator"), permission).reason == "role_missing"
    for permission in ("moderation.decide", "artist.approve"):
        assert can(actor("moderator"), permission).allowed
        assert not can(actor("fan", "artist", "label"), permission).allowed
    assert not can(actor("label"), "moderation.decide").allowed


def test_works_belong_to_those_who_manage_them() -> None:
    for permission in ("content.edit", "content.upload", "content.publish"):
        assert can(actor("fan"), permission, Resource(managers=frozenset({ADA}))).reason == "manager"
        assert can(actor("label"), permission, Resource(labels=frozenset({ADA}))).reason == "label"
        assert can(actor("fan"), permission, Resource(owners=frozenset({ADA}))).reason == "owner"
        assert can(actor("fan"), permission, Resource(managers=frozenset({EVE}))).reason == "not_yours"
        assert can(actor("admin"), permission, Resource(managers=frozenset({EVE}))).reason == "any"


@given(actors, permissions, resources)
def test_a_key_never_may_more_than_its_owner(asking: Actor, permission: str, resource: Resource | None) -> None:
    owner = Actor(asking.user_id, None, asking.roles)
    if can(asking, permission, resource).allowed:
        assert can(owner, permission, resource).allowed


@given(actors, st.sampled_from(sorted(GUARDS)), resources)
def test_a_key_never_reaches_what_guards_the_account(asking: Actor, permission: str, resource: Resource | None) -> None:
    key = Actor(asking.user_id, None, asking.roles, None, frozenset(SCOPES))
    assert not can(key, permission, resource).allowed


@given(roles, st.sampled_from(sorted(ROLES)), permissions, resources)
def test_another_role_never_takes_something_away(
    held: frozenset[str], more: str, permission: str, resource: Resource | None
) -> None:
    before = can(Actor(ADA, None, held), permission, resource).allowed
    after = can(Actor(ADA, None, held | {more}), permission, resource).allowed
    assert after or not before


@given(actors, permissions, resources)
def test_what_is_allowed_is_in_a_role(asking: Actor, permission: str, resource: Resource | None) -> None:
    decision = can(asking, permission, resource)
    if decision.allowed and decision.reason != "public":
        assert permission in permissions_of(asking.roles)


def test_every_permission_is_given_by_some_role_and_every_scope_gives_only_what_there_is() -> None:
    assert permissions_of(ROLES) == frozenset(PERMISSIONS)
    assert frozenset().union(*SCOPES.values()) <= frozenset(PERMISSIONS) - GUARDS
