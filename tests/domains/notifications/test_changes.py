"""Identity names a change as its audit log does; the letter has words for it."""

from __future__ import annotations

from antiphon.domains.identity.api.audit import ACTIONS
from antiphon.domains.notifications.wording import CHANGES

ELSEWHERE = {"linked_sign_in"}


def test_every_change_that_a_letter_knows_is_an_action_of_the_log() -> None:
    assert {change for change in CHANGES if change.partition(".")[0] not in ELSEWHERE} <= set(ACTIONS)


def test_every_factor_has_words() -> None:
    factors = ("totp.", "sms.", "recovery_code", "passkey.added", "passkey.removed", "wallet.")
    assert {action for action in ACTIONS if action.startswith(factors)} <= set(CHANGES)
