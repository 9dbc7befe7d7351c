"""Why a letter was not sent, sorted by what the caller does next.

Try again: `MailUnavailable`. Ask the operator, then try again: `MailRefused`. Never try this letter again:
`LetterRefused`. Their details name neither the person nor a password: they end in logs.
"""

from __future__ import annotations

from antiphon.kit.errors import AppError, NotFound

__all__ = ["LetterRefused", "MailRefused", "MailUnavailable", "NoSuchLetter"]


class MailUnavailable(AppError):
    """Nobody answers, the connection broke, or the server asks for patience (4xx)."""

    code = "mail_unavailable"
    status = 503
    title = "The mail server does not take letters now"


class MailRefused(AppError):
    """The way to the server is wrong for every letter: sign-in, encryption, sender. Somebody must put it right."""

    code = "mail_refused"
    status = 503
    title = "The mail server does not work with us as it is set up"


class LetterRefused(AppError):
    """This letter to this address will never be taken: an impossible address, or the server's final no (5xx)."""

    code = "letter_refused"
    status = 502
    title = "This letter cannot be delivered"


class NoSuchLetter(NotFound):
    code = "no_such_letter"
    title = "There is no letter of this kind"
