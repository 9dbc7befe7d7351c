"""The data map of identity: what each of its tables says of people, why, and what becomes of it."""

from __future__ import annotations

from antiphon.kit.personal import Holding

__all__ = ["HOLDINGS"]

_ACCOUNT = "As long as the account"
_DANGER = "A secret: whoever had it could sign in as the person"
_GOES = "Deleted with the account"

HOLDINGS = (
    Holding(
        "identity.users",
        "E-mail address, handle, name, words, links, picture, language, whether suspended or closing",
        "To know who is who, to write to them, to show their profile",
        _ACCOUNT,
        "Deleted",
        exported=("account", "profile"),
    ),
    Holding("identity.user_stats", "Counters of the profile", "To show them", _ACCOUNT, _GOES, exported=("account",)),
    Holding(
        "identity.user_roles",
        "Roles, who gave them and when",
        "To know who may do what",
        "Until taken away",
        "Deleted; roles that the person gave others stay, without saying who gave them",
        exported=("account",),
    ),
    Holding(
        "identity.preferences",
        "Language, theme, how to play, private session",
        "To be the same on every device",
        _ACCOUNT,
        _GOES,
        exported=("preferences",),
    ),
    Holding(
        "identity.consents",
        "What was agreed to or refused, in which version, when",
        "To be able to show it",
        _ACCOUNT,
        _GOES,
        exported=("consents",),
    ),
    Holding(
        "identity.sessions",
        "Devices: program, network address, times, how the person signed in",
        "To stay signed in, and to show where one is",
        "90 days after the last use",
        _GOES,
        exported=("sessions",),
    ),
    Holding(
        "identity.audit_log",
        "Acts that touch security: what, when, from which network address and program",
        "To find out what happened to an account",
        "As long as the installation; without the person once they are erased",
        "Stays without person, address, program and details",
        exported=("audit",),
    ),
    Holding(
        "identity.letters",
        "That a letter was written, and what about",
        "To write it once",
        "90 days",
        "Deleted; the last one, which says that all is gone, as soon as it is sent",
        exported=("letters",),
    ),
    Holding(
        "identity.invitations",
        "Invitations made: for whom, by whom, used by whom",
        "To let people in",
        "90 days after they run out",
        "Stays without address, words and people",
        exported=("invitations",),
    ),
    Holding(
        "identity.password_credentials",
        "Hash of the password (Argon2id)",
        "To check the password",
        "Until it is changed",
        _GOES,
        not_exported=_DANGER,
    ),
    Holding(
        "identity.refresh_tokens",
        "Digests of refresh tokens",
        "To renew a session once",
        "30 days",
        _GOES,
        not_exported=_DANGER,
    ),
    Holding(
        "identity.sign_in_links",
        "Digests of one-time links",
        "To sign in once",
        "24 hours",
        _GOES,
        not_exported=_DANGER,
    ),
    Holding(
        "identity.challenges",
        "Ceremonies under way: tickets, links of letters",
        "To end them once",
        "Minutes to 60 days, by kind",
        _GOES,
        not_exported=_DANGER,
    ),
    Holding(
        "identity.exports",
        "Archives that were asked for",
        "To make and hand them out",
        "The archive 7 days, the line as long as the account",
        "Deleted with the archives",
        not_exported="It would speak of nothing but the archive itself",
    ),
    Holding(
        "identity.imports",
        "Archives that were brought",
        "To say what was taken",
        _ACCOUNT,
        _GOES,
        not_exported="What was taken is exported as what it became",
    ),
    Holding(
        "identity.import_leftovers",
        "What of an archive was not taken, and why",
        "To say so",
        _ACCOUNT,
        _GOES,
        not_exported="It speaks of another archive, which the person has",
    ),
    Holding(
        "identity.imported",
        "Which record of an archive became what here",
        "To take it once",
        _ACCOUNT,
        _GOES,
        not_exported="Numbers without meaning outside this install",
    ),
    Holding(
        "kit.facts",
        "What happened, by numbers: who signed in, what was published, what was played",
        "So that every part hears of it",
        "90 days",
        "Facts about the person are deleted; elsewhere a number that means nobody takes their place",
        not_exported="Says again, in numbers, what the other files say in words",
    ),
    Holding(
        "kit.answers",
        "Answers to requests that carried an Idempotency-Key",
        "To answer a repeat alike",
        "24 hours",
        "Deleted",
        not_exported="Copies of what the other files hold",
    ),
)
