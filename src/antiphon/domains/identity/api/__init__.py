"""The door of identity: accounts, sessions, roles, and who is asking."""

from __future__ import annotations

from antiphon.domains.identity.api.accounts import (
    NewAccount,
    create_user,
    finish_sign_up,
    has_signed_in,
    me,
    register,
    update_me,
    use_invitation,
    user_by_handle,
    user_by_id,
)
from antiphon.domains.identity.api.approvals import ArtistDecision, artist_approved, artist_asked, artist_refused
from antiphon.domains.identity.api.audit import ACTIONS
from antiphon.domains.identity.api.deletion import erase_due
from antiphon.domains.identity.api.exports import checked_download
from antiphon.domains.identity.api.finding import (
    FoundPerson,
    IndexedPerson,
    found_people,
    people_ids_to_index,
    people_to_index,
    people_to_index_count,
)
from antiphon.domains.identity.api.keys import app_sign_in
from antiphon.domains.identity.api.letters import Letter, letter, letter_sent
from antiphon.domains.identity.api.people import (
    NAME_SHOWN,
    Member,
    NameShown,
    administrator,
    decide,
    grant_role,
    members,
    names_shown,
    user_with_role,
)
from antiphon.domains.identity.api.personal import personal_data
from antiphon.domains.identity.api.preferences import LISTEN_PRIVATELY, hears_explicit, listens_privately
from antiphon.domains.identity.api.profile import (
    COUNT_PLAYS,
    PersonName,
    is_closing,
    names_of,
    set_avatar,
    set_play_counts,
)
from antiphon.domains.identity.api.sessions import csrf_token, logout, refresh, require_fresh, revoke_session
from antiphon.domains.identity.api.sign_in import let_in, link, login, make_sign_in_link, open_session
from antiphon.domains.identity.api.socket_tickets import whose_socket_ticket
from antiphon.domains.identity.api.views import Me, SecondFactorNeeded, SignIn, TokenPair, User
from antiphon.domains.identity.api.ways_in import ways_to_prove
from antiphon.domains.identity.api.works import work_decided
from antiphon.domains.identity.errors import (
    BadAppCredentials,
    BadCredentials,
    Busy,
    CsrfRefused,
    EmailTaken,
    HandleTaken,
    InvalidRefreshToken,
    InvalidSignInLink,
    PermissionMissing,
    ProviderRefused,
    ProviderUnavailable,
    ScopeMissing,
    SigningKeyUnreadable,
    StepUpNeeded,
    UnknownRole,
)
from antiphon.domains.identity.keys import KeyRing
from antiphon.domains.identity.lockout import Lockout
from antiphon.domains.identity.mailboxes import Mailboxes
from antiphon.domains.identity.model_keys import API_KEY_PREFIX
from antiphon.domains.identity.model_passkeys import relying_party
from antiphon.domains.identity.model_privacy import asked_purposes
from antiphon.domains.identity.model_providers import callback_address
from antiphon.domains.identity.passwords import PasswordHasher
from antiphon.domains.identity.policy import PERMISSIONS, ROLES, SCOPES, Decision, Resource, can, permissions_of
from antiphon.domains.identity.standing import TOPIC as STANDING_TOPIC
from antiphon.domains.identity.standing import Standing
from antiphon.domains.identity.tokens import Actor, Tokens, VerifiedToken
from antiphon.domains.identity.tools import IdentityConfig, IdentityTools, PrivacyTools

__all__ = [
    "ACTIONS",
    "API_KEY_PREFIX",
    "COUNT_PLAYS",
    "LISTEN_PRIVATELY",
    "NAME_SHOWN",
    "PERMISSIONS",
    "ROLES",
    "SCOPES",
    "STANDING_TOPIC",
    "Actor",
    "ArtistDecision",
    "BadAppCredentials",
    "BadCredentials",
    "Busy",
    "CsrfRefused",
    "Decision",
    "EmailTaken",
    "FoundPerson",
    "HandleTaken",
    "IdentityConfig",
    "IdentityTools",
    "IndexedPerson",
    "InvalidRefreshToken",
    "InvalidSignInLink",
    "KeyRing",
    "Letter",
    "Lockout",
    "Mailboxes",
    "Me",
    "Member",
    "NameShown",
    "NewAccount",
    "PasswordHasher",
    "PermissionMissing",
    "PersonName",
    "PrivacyTools",
    "ProviderRefused",
    "ProviderUnavailable",
    "Resource",
    "ScopeMissing",
    "SecondFactorNeeded",
    "SignIn",
    "SigningKeyUnreadable",
    "Standing",
    "StepUpNeeded",
    "TokenPair",
    "Tokens",
    "UnknownRole",
    "User",
    "VerifiedToken",
    "administrator",
    "app_sign_in",
    "artist_approved",
    "artist_asked",
    "artist_refused",
    "asked_purposes",
    "callback_address",
    "can",
    "checked_download",
    "create_user",
    "csrf_token",
    "decide",
    "erase_due",
    "finish_sign_up",
    "found_people",
    "grant_role",
    "has_signed_in",
    "hears_explicit",
    "is_closing",
    "let_in",
    "letter",
    "letter_sent",
    "link",
    "listens_privately",
    "login",
    "logout",
    "make_sign_in_link",
    "me",
    "members",
    "names_of",
    "names_shown",
    "open_session",
    "people_ids_to_index",
    "people_to_index",
    "people_to_index_count",
    "permissions_of",
    "personal_data",
    "refresh",
    "register",
    "relying_party",
    "require_fresh",
    "revoke_session",
    "set_avatar",
    "set_play_counts",
    "update_me",
    "use_invitation",
    "user_by_handle",
    "user_by_id",
    "user_with_role",
    "ways_to_prove",
    "whose_socket_ticket",
    "work_decided",
]
