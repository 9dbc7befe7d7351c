import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { ApiError, NetworkError } from "@/shared/api/errors";
import { spokenLength } from "./format";

/** What a person reads for each code of the API. A code that is not here shows the server's own words. */
const texts: Record<string, MessageDescriptor> = {
  account_closing: msg`This account is being deleted. The letter about it holds a link that keeps it.`,
  album_empty: msg`Add a track to the album first.`,
  artist_has_works: msg`Delete this artist's albums and tracks first.`,
  archive_too_large: msg`This archive is larger than this server takes.`,
  bad_credentials: msg`The email address or the password is not right.`,
  busy: msg`Many people are signing in right now. Try again in a moment.`,
  chain_unavailable: msg`The blockchain cannot be asked right now. Try again in a moment.`,
  contract_wallets_off: msg`Wallets that are contracts cannot sign in here. Use one with a key of its own.`,
  csrf_refused: msg`This page is out of date. Load it again, then repeat what you did.`,
  email_taken: msg`There is already an account with this email address.`,
  empty_file: msg`The file is empty.`,
  factor_exists: msg`There is one already. Remove it first.`,
  factor_locked: msg`Too many wrong codes. Wait a few minutes, or use a recovery code.`,
  export_running: msg`Your archive is being made already.`,
  forbidden: msg`You are not allowed to do this.`,
  guest_listening_off: msg`Sign in to listen.`,
  handle_taken: msg`This handle is taken. Try another one.`,
  import_running: msg`An archive of yours is being taken in already.`,
  invalid_input: msg`Something in the form is not right.`,
  invalid_link: msg`This link has been used or has expired. Ask for a new one.`,
  invalid_refresh_token: msg`You have been signed out. Sign in again.`,
  invalid_sign_in_link: msg`This link has been used or has expired. Ask for a new one.`,
  invitation_needed: msg`This invitation does not hold: it was used, has expired, or is for another address.`,
  last_administrator: msg`Make somebody else an admin first.`,
  last_way_in: msg`This is the only way into your account. Add another one first.`,
  linked_elsewhere: msg`This sign-in opens another account already.`,
  artist_decided: msg`Somebody has decided about this artist already.`,
  artist_not_approved: msg`This can be published once the artist is approved.`,
  artist_not_refused: msg`This artist was not refused, so there is nothing to ask again.`,
  library_overlaps: msg`This folder is a library already, lies in one, or holds one.`,
  limits_unavailable: msg`This cannot be done safely right now. Try again in a moment.`,
  media_rejected: msg`This file cannot be used.`,
  network: msg`The server cannot be reached. Check your connection.`,
  not_found: msg`This is not here, or no longer here.`,
  not_manager: msg`Only people who manage this artist can do this.`,
  not_playable: msg`This cannot be played yet.`,
  not_ready: msg`This is still being prepared. Try again in a moment.`,
  no_second_factor: msg`Set up a second factor first.`,
  not_yourself: msg`You cannot do this to your own account.`,
  permission_missing: msg`You are not allowed to do this.`,
  passkey_known: msg`This passkey is kept already.`,
  passkey_refused: msg`This passkey was not accepted. Try again, or sign in another way.`,
  passkeys_off: msg`Passkeys cannot work at this address.`,
  provider_denied: msg`The sign-in was cancelled at the other service.`,
  provider_refused: msg`What the other service answered does not hold. Start the sign-in again.`,
  provider_unavailable: msg`The other service does not answer right now. Try again, or sign in another way.`,
  provider_unknown: msg`Nobody can sign in here with this service.`,
  quota_exceeded: msg`Your storage is full. Delete something, then upload again.`,
  registration_closed: msg`Nobody can make an account here right now.`,
  sign_in_flow_ended: msg`This took too long, or was begun in another browser. Start the sign-in again.`,
  second_factor_missing: msg`Your password alone is not enough here: use your second factor.`,
  step_up_needed: msg`This needs a fresh proof that it is you.`,
  storage_full: msg`The server has no room left.`,
  too_many_keys: msg`There are as many as there may be. Remove one first.`,
  text_message_failed: msg`The text message could not be sent. Try again in a moment.`,
  text_messages_off: msg`No text messages are sent here.`,
  ticket_over: msg`This took too long, or failed too often. Sign in again.`,
  too_many_texts: msg`Enough text messages for now. Wait a little.`,
  unauthenticated: msg`Sign in to do this.`,
  unsupported_media_type: msg`This is not a sound file that we can read.`,
  upload_too_large: msg`The file is larger than uploads may be.`,
  version_conflict: msg`Somebody changed this in the meantime. Load it again, then repeat your change.`,
  wallet_message_refused: msg`The wallet signed something else than it was asked to. Try again.`,
  wallet_nonce_spent: msg`The message is too old or was used before. Try again.`,
  wallet_signature_wrong: msg`This signature does not prove that the wallet is yours.`,
  wallet_taken: msg`This wallet belongs to an account already.`,
  wallets_off: msg`Nobody signs in with a wallet here.`,
  wrong_code: msg`This code is not right, or was used before.`,
};
/** Refusals that say when to try again. */
const later: Record<string, (time: string) => MessageDescriptor> = {
  too_many_attempts: (time) => msg`Too many attempts from here. Wait ${time}, then try again.`,
  too_many_requests: (time) => msg`Too many requests. Wait ${time}, then try again.`,
};
const unknown = msg`Something went wrong. Try again.`;

/** The text for a code alone; null when we have no words for it. */
export function codeText(code: string): string | null {
  const known = texts[code] ?? (code.endsWith("_not_found") ? texts.not_found : undefined);
  return known ? i18n._(known) : null;
}

/** A wait of some minutes is not told to the second. */
function waiting(seconds: number): string {
  return spokenLength(1000 * (seconds > 90 ? 60 * Math.ceil(seconds / 60) : seconds), "long");
}

export function errorText(error: unknown): string {
  if (error instanceof ApiError) {
    const seconds = error.members.retry_after_s;
    const text = later[error.code];
    if (text && typeof seconds === "number") return i18n._(text(waiting(seconds)));
  }
  if (error instanceof NetworkError || error instanceof ApiError) {
    const known = codeText(error.code);
    if (known) return known;
  }
  if (error instanceof ApiError && error.detail) return error.detail;
  return i18n._(unknown);
}
