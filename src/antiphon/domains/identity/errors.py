"""What can go wrong while somebody proves who they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import ClassVar

from antiphon.kit.errors import AppError, Conflict, Forbidden, TooManyRequests

__all__ = [
    "AccountClosing",
    "AccountSuspended",
    "AppRefused",
    "BadAppCredentials",
    "BadCredentials",
    "Busy",
    "ChainUnavailable",
    "ContractWalletsOff",
    "CsrfRefused",
    "DeviceNeeded",
    "EmailTaken",
    "FactorExists",
    "FactorLocked",
    "HandleTaken",
    "InvalidLink",
    "InvalidRefreshToken",
    "InvalidSignInLink",
    "InvitationNeeded",
    "LastAdministrator",
    "LastWayIn",
    "LinkedElsewhere",
    "NoSecondFactor",
    "NotYourAccount",
    "NotYourself",
    "PasskeyKnown",
    "PasskeyRefused",
    "PasskeysOff",
    "PermissionMissing",
    "ProviderDenied",
    "ProviderRefused",
    "ProviderUnavailable",
    "ProviderUnknown",
    "RegistrationClosed",
    "ScopeMissing",
    "SecondFactorMissing",
    "SecondFactorRequired",
    "SignInFlowEnded",
    "SigningKeyUnreadable",
    "StepUpNeeded",
    "TextMessageFailed",
    "TextMessagesOff",
    "TicketOver",
    "TooManyAttempts",
    "TooManyKeys",
    "TooManyTexts",
    "UnknownRole",
    "WalletMessageRefused",
    "WalletNonceSpent",
    "WalletSignatureWrong",
    "WalletTaken",
    "WalletsOff",
    "WrongCode",
]


class BadCredentials(AppError):
    """One answer for an unknown address and for a wrong password."""

    code = "bad_credentials"
    status = 401
    title = "The e-mail address or the password is wrong"


class InvalidRefreshToken(AppError):
    code = "invalid_refresh_token"
    status = 401
    title = "This session has ended; sign in again"


class InvalidSignInLink(AppError):
    code = "invalid_sign_in_link"
    status = 401
    title = "This sign-in link was used before or is too old"


class EmailTaken(Conflict):
    code = "email_taken"
    title = "There is an account with this e-mail address already"


class HandleTaken(Conflict):
    code = "handle_taken"
    title = "Somebody else has this handle"


class UnknownRole(AppError):
    code = "unknown_role"
    status = 422
    title = "There is no such role"


class Busy(AppError):
    """More people sign in at this moment than passwords can be checked."""

    code = "busy"
    status = 503
    title = "Too many people are signing in at this moment; try again shortly"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "2"})


class SigningKeyUnreadable(Exception):
    """The stored signing key was sealed with another master secret: the installation's secrets do not fit its data."""


class PasskeyRefused(AppError):
    """One answer for every passkey that proves nothing: unknown, removed, meant for another site or ceremony.

    `reason` is for the log; the person who asks is not told.
    """

    code = "passkey_refused"
    status = 401
    title = "This passkey was not accepted; try again, or sign in another way"

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        super().__init__()


class TextMessagesOff(AppError):
    """No gateway is configured (`ANTIPHON_SMS_URL`)."""

    code = "text_messages_off"
    status = 409
    title = "This installation sends no text messages"


class TextMessageFailed(AppError):
    """The gateway does not answer, or refuses; the text was not sent."""

    code = "text_message_failed"
    status = 503
    title = "The text message could not be sent; try again shortly"


class ContractWalletsOff(AppError):
    """Nobody can be asked about the chain (`ANTIPHON_CHAIN_RPC_URLS`), so what a contract says cannot be known."""

    code = "contract_wallets_off"
    status = 422
    title = "Wallets that are contracts cannot sign in here; use one with a key of its own"


class ChainUnavailable(AppError):
    """The node of the chain does not answer, or answers nonsense; whether the contract agrees is not known."""

    code = "chain_unavailable"
    status = 503
    title = "The chain cannot be asked at this moment; try again shortly"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})


class TooManyAttempts(TooManyRequests):
    """Too many wrong guesses for this account from this network; other networks are not concerned."""

    code = "too_many_attempts"
    title = "Too many failed attempts to sign in from here"


class ProviderUnknown(AppError):
    code = "provider_unknown"
    status = 404
    title = "Nobody can sign in here with this provider"


class ProviderUnavailable(AppError):
    """The provider does not answer, answers too late, too much, or something that cannot be read.

    `reason` is for the operator alone.
    """

    code = "provider_unavailable"
    status = 503
    title = "The sign-in provider does not answer now; try again, or sign in another way"

    def __init__(self, detail: str = "", *, reason: str = "", **data: str) -> None:
        self.reason = reason
        super().__init__(detail, headers={"Retry-After": "10"}, **data)


class ProviderDenied(AppError):
    """The person said no at the provider, or the provider did."""

    code = "provider_denied"
    status = 403
    title = "The sign-in was cancelled at the provider"


class ProviderRefused(AppError):
    """What came back does not prove who somebody is. `reason` says what is wrong with it, for the operator."""

    code = "provider_refused"
    status = 401
    title = "The provider's answer does not hold; start the sign-in again"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason=reason)


class SecondFactorRequired(AppError):
    """`ticket` takes one of `methods` to the end of this sign-in."""

    code = "second_factor_needed"
    status = 401
    title = "A second factor is needed"


class StepUpNeeded(Forbidden):
    """The session is old, and what is asked is worth a second look at who asks: by one of `methods`."""

    code = "step_up_needed"
    title = "Prove again who you are"


class SecondFactorMissing(Forbidden):
    """Whoever enrolled a second factor proves themselves by one of `methods`, not by the first alone."""

    code = "second_factor_missing"
    title = "Prove it by your second factor"


class NotYourAccount(Forbidden):
    """People change and delete their own account only; administrators suspend."""

    code = "not_your_account"
    title = "This is somebody else's account"


class CsrfRefused(Forbidden):
    """A cookie came along, but the page that sent it could not show that it is ours."""

    code = "csrf_refused"
    title = "This request did not come from a page of this site"


class PermissionMissing(Forbidden):
    """`reason` says what is missing."""

    code = "permission_missing"
    title = "You may not do this"


class ScopeMissing(Forbidden):
    code = "scope_missing"
    title = "This key was not made for this"


class AccountSuspended(Forbidden):
    code = "account_suspended"
    title = "This account is suspended"

    def __init__(self, reason: str, until: datetime | None) -> None:
        super().__init__(reason, until=until.isoformat() if until else None)


class AccountClosing(Forbidden):
    """Its owner asked for that; until it is erased they can have it back, with the `ticket`."""

    code = "account_closing"
    title = "This account is being deleted"

    def __init__(self, at: datetime, ticket: str) -> None:
        super().__init__(erased_at=at.isoformat(), ticket=ticket, headers={"Cache-Control": "no-store"})


class RegistrationClosed(Forbidden):
    code = "registration_closed"
    title = "Nobody can make an account here at present"


class InvitationNeeded(Forbidden):
    """It is missing, was used, has run out, or was meant for another address."""

    code = "invitation_needed"
    title = "An invitation that still holds is needed to make an account here"


class InvalidLink(AppError):
    code = "invalid_link"
    status = 410
    title = "This link was used before or is too old"


class LastAdministrator(Conflict):
    code = "last_administrator"
    title = "Somebody has to run this place: make another administrator first"


class NotYourself(Conflict):
    code = "not_yourself"
    title = "This can only be done to others"


class WalletsOff(AppError):
    """The operator offers no sign-in by wallet (`ANTIPHON_WALLETS`)."""

    code = "wallets_off"
    status = 409
    title = "Nobody signs in with a wallet here"


class WalletNonceSpent(AppError):
    """The nonce is not ours, was used, is older than ten minutes, or was given for something or somebody else."""

    code = "wallet_nonce_spent"
    status = 401
    title = "This message was used before or is too old; sign a new one"


class WalletMessageRefused(AppError):
    """`reason` names the first thing that is not as it was asked for: `version`, `domain`, `uri`, `chain`, `nonce`,
    `statement`, `resources`, `issued_in_future`, `expired`, `not_yet_valid`.
    """

    code = "wallet_message_refused"
    status = 401
    title = "The wallet signed something else than was asked for"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class WalletSignatureWrong(AppError):
    """Neither the key of the address signed the message, nor does its contract say so."""

    code = "wallet_signature_wrong"
    status = 401
    title = "This signature was not made by the wallet that the message names"


class WalletTaken(Conflict):
    """Of this account, perhaps."""

    code = "wallet_taken"
    title = "This wallet belongs to an account already"


class LastWayIn(Conflict):
    """Without it nobody could sign in to the account any more."""

    code = "last_way_in"
    title = "This is the only way into this account; add another one first"


class WrongCode(AppError):
    """Wrong, used before, too old, or of a factor that is not there: all look alike."""

    code = "wrong_code"
    status = 422
    title = "This code is not right, or was used before"


class TicketOver(AppError):
    """A ticket lasts ten minutes and takes five wrong codes."""

    code = "ticket_over"
    status = 410
    title = "This sign-in took too long or failed too often; begin again"


class FactorLocked(AppError):
    """Too many wrong codes in a row, on whatever device; a recovery code works all the same."""

    code = "factor_locked"
    status = 429
    title = "Too many wrong codes; wait a while, or use a recovery code"

    def __init__(self, wait: timedelta) -> None:
        super().__init__(headers={"Retry-After": str(max(1, ceil(wait.total_seconds())))})


class TooManyTexts(AppError):
    """One in 30 seconds and five in an hour, for a person and for a number: texts cost money and wake people up."""

    code = "too_many_texts"
    status = 429
    title = "Too many text messages; wait a while"

    def __init__(self, wait: timedelta) -> None:
        super().__init__(headers={"Retry-After": str(max(1, ceil(wait.total_seconds())))})


class FactorExists(Conflict):
    code = "factor_exists"
    title = "There is one already; take it away first"


class NoSecondFactor(Conflict):
    code = "no_second_factor"
    title = "There is no second factor that this could belong to"


class DeviceNeeded(AppError):
    """A program sends a secret of its own as `Antiphon-Device`; a browser has a cookie."""

    code = "device_needed"
    status = 422
    title = "This device cannot be trusted, because it could not be known again"


class PasskeysOff(Conflict):
    """Browsers make passkeys for localhost and for names over https only; `detail` says what is wrong here."""

    code = "passkeys_off"
    title = "Passkeys cannot work at this address"


class PasskeyKnown(Conflict):
    code = "passkey_known"
    title = "This passkey is kept already"


class TooManyKeys(Conflict):
    code = "too_many_keys"
    title = "There are as many keys as there may be; remove one first"


class BadAppCredentials(AppError):
    """One answer for an unknown name, a wrong app password, a revoked key and somebody who is suspended."""

    code = "bad_app_credentials"
    status = 401
    title = "The name or the app password is wrong"


class SignInFlowEnded(AppError):
    """The state is unknown, used, too old, of another provider, or was not begun in this browser."""

    code = "sign_in_flow_ended"
    status = 410
    title = "This sign-in took too long or was not begun in this browser; start it again"


class LinkedElsewhere(Conflict):
    code = "linked_elsewhere"
    title = "This sign-in leads into another account already"


class AppRefused(AppError):
    """`reason` is an error code of OAuth 2."""

    code = "app_refused"
    status = 400
    title = "This app cannot sign you in"
    MEANINGS: ClassVar[dict[str, str]] = {
        "unauthorized_client": "The app is not known here, or asks to send you elsewhere than it registered.",
        "unsupported_response_type": "Only the authorization code flow is offered.",
        "unsupported_grant_type": "Only authorization codes and refresh tokens are taken.",
        "invalid_request": "PKCE with S256 is needed.",
        "invalid_scope": "None of these scopes is known here.",
        "invalid_client": "The app is not known, or its secret is wrong.",
        "invalid_grant": "The code or the token was used before, is too old, or is not this app's.",
    }

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(self.MEANINGS[reason], reason=reason)
