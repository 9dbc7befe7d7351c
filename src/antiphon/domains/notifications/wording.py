"""What each letter says, in English; `locales/` says it in the other languages.

A placeholder stands in braces and is filled from the letter's data: `{by}`, `{until}`, `{erased_at}`, and always
`{site}` and `{contact}`. A sentence with alternatives takes the first of them whose
placeholders can all be filled; a sentence that cannot be filled is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

__all__ = ["CHANGES", "COMMON", "FACTS", "LETTERS", "SAMPLES", "Sentence", "Wording", "messages"]

Sentence = str | tuple[str, ...]


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of letter. `facts` are shown as a small table, those that the letter's data hold.

    `button` is in the HTML, `lead` stands before the same link in the plain text. `otherwise`: what to do if it was
    somebody else.
    """

    subject: str
    headline: str
    paragraphs: tuple[Sentence, ...]
    facts: tuple[str, ...] = ()
    button: str | None = None
    lead: str | None = None
    note: Sentence | None = None
    otherwise: str | None = None
    why: str


ONCE: Sentence = ("The link works once, until {until}.", "The link works once.")
YOUR_ACCOUNT = "You get this letter because something important changed in your account. It cannot be switched off."
YOUR_SIGN_IN = "You get this letter because we tell you about every new sign-in. It cannot be switched off."
YOU_ASKED = "You get this letter because you asked for it in your account."
YOU_WAITED = "You get this letter because you asked to publish as an artist at {site}."

COMMON = {
    "hello": "Hello {name},",
    "hello_all": "Hello,",
    "bare": "If the button does not work, copy this address into your browser:",
    "otherwise": "That was not you?",
    "contact": "Questions? Write to {contact}.",
    "no_contact": "Questions? Ask the people who run {site}.",
    "sender": "Antiphon at {site}",
}

FACTS = {
    "email": "New address",
    "device": "Device",
    "address": "Network address",
    "at": "Time",
    "change": "Change",
    "expires_at": "Until",
    "size": "Size",
    "reason": "Reason",
}

# By the action that the audit log knows them by.
CHANGES = {
    "totp.added": "Codes from an app were switched on",
    "totp.removed": "Codes from an app were switched off",
    "sms.added": "Codes by text message were switched on",
    "sms.removed": "Codes by text message were switched off",
    "passkey.added": "A passkey was added",
    "passkey.removed": "A passkey was removed",
    "passkey.copied": "A passkey was refused, because there seems to be a copy of it",
    "recovery_codes.made": "New recovery codes were made; the old ones no longer work",
    "recovery_code.used": "A recovery code was used",
    "wallet.linked": "A wallet was linked",
    "wallet.removed": "A wallet was removed",
    "linked_sign_in.added": "Another way to sign in was linked",
    "linked_sign_in.removed": "A linked way to sign in was removed",
    "password.removed": "The password was removed",
    "api_key.made": "An API key was made",
    "app_password.made": "An app password was made",
}

LETTERS = {
    "verify_email": Wording(
        subject="Confirm your e-mail address",
        headline="Is this your address?",
        paragraphs=(
            "Welcome to Antiphon. Please confirm that this address is yours, so that we can reach you when it matters.",
        ),
        button="Confirm address",
        lead="Confirm your address here:",
        note=ONCE,
        why="You get this letter because somebody entered your address at {site}. If it was not you, do nothing: "
        "without your confirmation it will not be used.",
    ),
    "reset_password": Wording(
        subject="Choose a new password",
        headline="A new password",
        paragraphs=("Somebody, probably you, asked for a new password for your account.",),
        button="Choose a password",
        lead="Choose a new password here:",
        note=ONCE,
        why="You get this letter because a new password was asked for at {site}. If it was not you, do nothing: "
        "your password stays as it is.",
    ),
    "sign_in_link": Wording(
        subject="Your sign-in link",
        headline="Here is your way in",
        paragraphs=("With this link you sign in without a password. Do not pass it on to anybody.",),
        button="Sign in",
        lead="Sign in here:",
        note=ONCE,
        why="You get this letter because a sign-in link was asked for at {site}. If it was not you, do nothing: "
        "nobody can sign in without this letter.",
    ),
    "new_device": Wording(
        subject="New sign-in to your account",
        headline="A new device signed in",
        paragraphs=(
            "Your account was entered from a device that we had not seen before.",
            "If it was you, all is well and there is nothing to do.",
        ),
        facts=("device", "address", "at"),
        button="Look at my devices",
        lead="Look at your devices here:",
        otherwise="Sign that device out on the page of your devices, and change your password.",
        why=YOUR_SIGN_IN,
    ),
    "refresh_reused": Wording(
        subject="We signed one of your devices out",
        headline="We signed one of your devices out",
        paragraphs=(
            "The key that keeps this device signed in was used a second time. That happens when somebody has copied "
            "it, so we ended the session at once.",
            "If it is your device, simply sign in there again.",
        ),
        facts=("device", "address", "at"),
        button="Look at my devices",
        lead="Look at your devices here:",
        otherwise="Sign out every device that you do not know, and change your password.",
        why=YOUR_ACCOUNT,
    ),
    "email_change": Wording(
        subject="Confirm your new e-mail address",
        headline="Your new address",
        paragraphs=(
            "From now on you want us to write to you at this address. Please confirm that it is yours; until then "
            "your old address stays.",
        ),
        button="Confirm new address",
        lead="Confirm your new address here:",
        note=ONCE,
        why="You get this letter because somebody entered your address at {site}. If it was not you, do nothing: "
        "without your confirmation it will not be used.",
    ),
    "email_changed": Wording(
        subject="Your e-mail address was changed",
        headline="Your address was changed",
        paragraphs=(
            "From now on we write to another address about your account, and sign-in takes that one. This is the last "
            "letter to this address.",
        ),
        facts=("email", "address", "at"),
        button="Look at my account",
        lead="Look at your account here:",
        otherwise="Then somebody else is in your account. Write to us at once.",
        why=YOUR_ACCOUNT,
    ),
    "password_changed": Wording(
        subject="Your password was changed",
        headline="Your password was changed",
        paragraphs=(
            "From now on only the new password opens your account. If it was you, all is well and there is nothing to "
            "do.",
        ),
        facts=("device", "address", "at"),
        button="That was not me",
        lead="If that was not you, choose another password here:",
        otherwise="Ask for another password at once, and sign out every device that you do not know.",
        why=YOUR_ACCOUNT,
    ),
    "factor_changed": Wording(
        subject="The protection of your account was changed",
        headline="The protection of your account was changed",
        paragraphs=("Something changed in the ways that lead into your account.",),
        facts=("change", "device", "address", "at"),
        button="Look at my account",
        lead="Look at your account here:",
        otherwise="Undo the change on the security page, sign out every device that you do not know, and change your "
        "password.",
        why=YOUR_ACCOUNT,
    ),
    "address_taken": Wording(
        subject="You have an account already",
        headline="You have an account already",
        paragraphs=(
            "Somebody, probably you, tried to open an account with this address. There is one already, so nothing "
            "was changed.",
            "If you know your password, simply sign in. If not, ask for a new one.",
        ),
        button="Ask for a new password",
        lead="Ask for a new password here:",
        why="You get this letter because somebody entered your address at {site}. If it was not you, do nothing.",
    ),
    "invitation": Wording(
        subject="You are invited to Antiphon",
        headline="You are invited",
        paragraphs=(
            ("{by} invites you to {site}.", "You are invited to {site}."),
            "Antiphon is a place to hear music, to publish your own and to answer that of others.",
        ),
        button="Accept invitation",
        lead="Accept the invitation here:",
        note=ONCE,
        why="You get this letter because somebody wants you with them. If you do not want to come, do nothing: your "
        "address will not be used again.",
    ),
    "welcome": Wording(
        subject="Welcome to Antiphon",
        headline="Welcome",
        paragraphs=(
            "Your account is ready. Listen to what is new, follow whom you like, and publish something of your own "
            "when you want to be heard.",
            "Two minutes well spent: add a passkey or a second step to your sign-in, so that your account stays yours.",
        ),
        button="Start listening",
        lead="Start listening here:",
        why="You get this letter because you opened an account at {site}.",
    ),
    "export_ready": Wording(
        subject="Your data is ready",
        headline="Your data is ready",
        paragraphs=(
            "Everything that we keep about you is packed into one file. You can keep it, read it, or take it to "
            "another Antiphon.",
        ),
        facts=("size", "expires_at"),
        button="Download",
        lead="Download your data here:",
        otherwise="Somebody else is in your account. Change your password, and sign out every device that you do not "
        "know.",
        why=YOU_ASKED,
    ),
    "deletion_asked": Wording(
        subject="Your account will be deleted",
        headline="Your account will be deleted",
        paragraphs=(
            (
                "You asked us to delete your account. On {erased_at} it goes for good, with everything that you made "
                "here.",
                "You asked us to delete your account. Soon it goes for good, with everything that you made here.",
            ),
            "Have you changed your mind? Until then you can keep it.",
        ),
        button="Keep my account",
        lead="Keep your account here:",
        otherwise="Keep the account with the link above, then change your password.",
        why=YOU_ASKED,
    ),
    "deleted": Wording(
        subject="Your account is deleted",
        headline="Farewell",
        paragraphs=(
            "Your account and everything that you made here are deleted. Where the law tells us to keep records of "
            "payments, they no longer carry your name.",
            "This is our last letter. Thank you for having been here.",
        ),
        why="You get this letter because you had an account at {site} with this address.",
    ),
    "artist_approved": Wording(
        subject="Your artist profile is approved",
        headline="You can publish",
        paragraphs=(
            (
                "{artist} is approved. From now on you can publish under this name, and everybody can see the profile.",
                "Your artist profile is approved. From now on you can publish under its name, and everybody can see "
                "the profile.",
            ),
        ),
        button="Go to my music",
        lead="Go to your music here:",
        why=YOU_WAITED,
    ),
    "artist_refused": Wording(
        subject="Your artist profile was not approved",
        headline="Your artist profile was not approved",
        paragraphs=(
            (
                "We looked at your artist profile {artist} and did not approve it.",
                "We looked at your artist profile and did not approve it.",
            ),
            "Your drafts are still there. Change what the reason asks for, then ask again in the studio.",
        ),
        facts=("reason",),
        button="Go to my music",
        lead="Go to your music here:",
        why=YOU_WAITED,
    ),
    "test": Wording(
        subject="A test letter from Antiphon",
        headline="It works",
        paragraphs=("This letter was sent to find out whether letters arrive. They do.",),
        button="Open Antiphon",
        lead="Open Antiphon here:",
        why="You get this letter because the people who run {site} sent a test to this address.",
    ),
}

# What previews are filled with; ours and invented, and with a name that must be escaped.
SAMPLES = {
    "email": "ada@new.example",
    "by": "Grace & The <Hoppers>",
    "device": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "address": "203.0.113.7",
    "at": "2026-11-20T20:02:00+00:00",
    "until": "2026-11-21T20:02:00+00:00",
    "erased_at": "2026-12-20T20:02:00+00:00",
    "expires_at": "2026-11-27T20:02:00+00:00",
    "size": "734003200",
    "change": "passkey.added",
    "artist": "The <Choir> of Leith",
    "reason": "The picture is not yours. Choose another one, please.",
}


def messages() -> Iterator[str]:
    """Every English sentence there is, once each, in the order of this file."""
    found = [*COMMON.values(), *FACTS.values(), *CHANGES.values()]
    for wording in LETTERS.values():
        found += [wording.subject, wording.headline]
        for sentence in (*wording.paragraphs, wording.note, wording.button, wording.lead, wording.otherwise):
            found += [] if sentence is None else [sentence] if isinstance(sentence, str) else sentence
        found.append(wording.why)
    return iter(dict.fromkeys(found))
