import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { ApiError, NetworkError } from "@/shared/api/errors";
import { StorageRefused } from "./disk";
import { spokenLength } from "./format";

/** What a person reads for each code of the API. A code that is not here shows the server's own words. */
const texts: Record<string, MessageDescriptor> = {
  account_closing: msg`This account is being deleted. The letter about it holds a link that keeps it.`,
  account_suspended: msg`This account is suspended.`,
  album_empty: msg`Add a track to the album first.`,
  app_refused: msg`This app cannot sign you in.`,
  archive_invalid: msg`This archive cannot be taken in.`,
  archive_too_large: msg`This archive is larger than this server takes.`,
  artist_decided: msg`Somebody has decided about this artist already.`,
  artist_has_works: msg`Delete this artist's albums and tracks first.`,
  artist_not_approved: msg`This can be published once the artist is approved.`,
  artist_not_refused: msg`This artist was not refused, so there is nothing to ask again.`,
  bad_app_credentials: msg`The name or the app password is not right.`,
  bad_credentials: msg`The email address or the password is not right.`,
  bad_lyrics: msg`This file holds no lyrics that can be read.`,
  bad_playlist_file: msg`This file is no playlist that can be read.`,
  bulk_refused: msg`The change does not fit all of these, so nothing was changed.`,
  busy: msg`Many people are signing in right now. Try again in a moment.`,
  cannot_merge: msg`These two cannot become one.`,
  chain_unavailable: msg`The blockchain cannot be asked right now. Try again in a moment.`,
  checksum_mismatch: msg`The file was damaged on its way. Send it again.`,
  conflict: msg`This does not fit what is there now. Load the page again.`,
  consent_outdated: msg`The text has changed. Read it again before you answer.`,
  contract_wallets_off: msg`Wallets that are contracts cannot sign in here. Use one with a key of its own.`,
  csrf_refused: msg`This page is out of date. Load it again, then repeat what you did.`,
  database_foreign: msg`The server has trouble with its database. Try again later.`,
  database_in_use: msg`The server has trouble with its database. Try again later.`,
  database_missing: msg`The server has trouble with its database. Try again later.`,
  database_needs_user: msg`The server has trouble with its database. Try again later.`,
  database_not_started: msg`The server has trouble with its database. Try again later.`,
  database_version: msg`The server has trouble with its database. Try again later.`,
  device_needed: msg`This device cannot be trusted, because it could not be known again.`,
  download_refused: msg`This link is no longer valid. Get a new one on the privacy page.`,
  sound_blocked: msg`Tap to let this page play`,
  device_gone: msg`The other device is gone. Press play to go on here.`,
  device_away: msg`This device is not here at the moment.`,
  device_closed: msg`This browser keeps nothing on this device, perhaps because the window is private.`,
  device_full: msg`This device has no room left.`,
  device_not_found: msg`This device is not known any more.`,
  edit_final: msg`This cannot be undone. Split or merge again instead.`,
  edit_overtaken: msg`A later edit touched the same fields. Undo that one first.`,
  email_taken: msg`There is already an account with this email address.`,
  empty_file: msg`The file is empty.`,
  event_id_reused: msg`This was sent before for something else. Load the page again.`,
  export_not_ready: msg`Your archive is not there yet, or not any more.`,
  export_running: msg`Your archive is being made already.`,
  factor_exists: msg`There is one already. Remove it first.`,
  factor_locked: msg`Too many wrong codes. Wait a few minutes, or use a recovery code.`,
  forbidden: msg`You are not allowed to do this.`,
  guest_listening_off: msg`Sign in to listen.`,
  not_announced: msg`This is not announced (any more), or it is out already.`,
  explicit_left_out: msg`This is marked explicit, and you chose to pass over such tracks.`,
  not_heard_here: msg`This cannot be played where you are, or not yet.`,
  handle_taken: msg`This handle is taken. Try another one.`,
  idempotency_key_reused: msg`This was sent before for something else. Load the page again.`,
  import_not_reviewed: msg`This archive does not wait to be looked over.`,
  import_running: msg`An archive of yours is being taken in already.`,
  invalid_form: msg`What was sent is not what the server expects. Load the page again.`,
  invalid_input: msg`Something in the form is not right.`,
  invalid_link: msg`This link has been used or has expired. Ask for a new one.`,
  invalid_refresh_token: msg`You have been signed out. Sign in again.`,
  invalid_sign_in_link: msg`This link has been used or has expired. Ask for a new one.`,
  invitation_needed: msg`This invitation does not hold: it was used, has expired, or is for another address.`,
  jam_full: msg`This room holds no more.`,
  jam_locked: msg`Nobody new is let into this room.`,
  jam_not_allowed: msg`In this room its hosts do that.`,
  jam_not_found: msg`There is no such room, or its link leads nowhere any more.`,
  jams_many: msg`You have as many rooms as there may be. End one first.`,
  kms_unavailable: msg`The server’s keys cannot be reached right now. Try again later.`,
  last_administrator: msg`Make somebody else an admin first.`,
  last_owner: msg`An artist needs an owner. Make another one first.`,
  last_way_in: msg`This is the only way into your account. Add another one first.`,
  letter_refused: msg`This letter cannot be delivered.`,
  library_overlaps: msg`This folder is a library already, lies in one, or holds one.`,
  limits_unavailable: msg`This cannot be done safely right now. Try again in a moment.`,
  link_refused: msg`This link is not valid.`,
  linked_elsewhere: msg`This sign-in opens another account already.`,
  local_file_gone: msg`This file was chosen before the page was loaded anew. Choose it again.`,
  mail_refused: msg`The mail server does not take letters now. Try again later.`,
  mail_unavailable: msg`The mail server does not take letters now. Try again later.`,
  media_rejected: msg`This file cannot be used.`,
  moved: msg`This was merged into another. Load the page again.`,
  network: msg`The server cannot be reached. Check your connection.`,
  no_label: msg`Only somebody with the role label has a roster.`,
  no_scan: msg`This library was not scanned, or no scan is under way.`,
  no_second_factor: msg`Set up a second factor first.`,
  licence_expired: msg`The time is over for which this was kept here. Go online once to hear it again.`,
  no_such_letter: msg`There is no letter of this kind.`,
  not_found: msg`This is not here, or no longer here.`,
  not_manager: msg`Only people who manage this artist can do this.`,
  not_playable: msg`This cannot be played yet.`,
  not_planned: msg`Set the time at which it becomes public first.`,
  not_ready: msg`This is still being prepared. Try again in a moment.`,
  not_taken_down: msg`This was not taken down.`,
  not_your_account: msg`This is somebody else’s account.`,
  not_your_playlist: msg`Only its owner may change a playlist.`,
  not_yourself: msg`You cannot do this to your own account.`,
  object_missing: msg`The file of this track is not there.`,
  offset_mismatch: msg`The file was damaged on its way. Send it again.`,
  original_missing: msg`The file of this track is not there.`,
  passkey_known: msg`This passkey is kept already.`,
  passkey_refused: msg`This passkey was not accepted. Try again, or sign in another way.`,
  passkeys_off: msg`Passkeys cannot work at this address.`,
  permission_missing: msg`You are not allowed to do this.`,
  playlist_full: msg`This playlist is full.`,
  playlist_state_not_found: msg`The playlist was never so, or it is too long ago.`,
  provider_denied: msg`The sign-in was cancelled at the other service.`,
  provider_refused: msg`What the other service answered does not hold. Start the sign-in again.`,
  provider_unavailable: msg`The other service does not answer right now. Try again, or sign in another way.`,
  provider_unknown: msg`Nobody can sign in here with this service.`,
  published_already: msg`This is public already.`,
  queue_full: msg`The queue holds up to 10,000 tracks. Remove some first.`,
  quota_exceeded: msg`Your storage is full. Delete something, then upload again.`,
  registration_closed: msg`Nobody can make an account here right now.`,
  scope_missing: msg`This key was not made for this.`,
  seal_broken: msg`Something on the server is damaged. Tell whoever runs it.`,
  second_factor_missing: msg`Your password alone is not enough here: use your second factor.`,
  second_factor_needed: msg`Your second factor is needed.`,
  scrobbler_not_connected: msg`This service is not connected.`,
  scrobbler_refused: msg`The service does not accept this. Connect it again.`,
  scrobbler_unavailable: msg`The service does not answer at the moment. Try again later.`,
  scrobbler_unknown: msg`This service cannot be connected here.`,
  share_expired: msg`This shared link has ended.`,
  sign_in_flow_ended: msg`This took too long, or was begun in another browser. Start the sign-in again.`,
  step_up_needed: msg`This needs a fresh proof that it is you.`,
  storage_full: msg`The server has no room left.`,
  storage_misused: msg`Something on the server is damaged. Tell whoever runs it.`,
  storage_refused: msg`The server cannot reach its storage. Try again later.`,
  storage_unavailable: msg`The server cannot reach its storage. Try again later.`,
  taken_down: msg`This was taken down. A moderator decides whether it comes back.`,
  text_message_failed: msg`The text message could not be sent. Try again in a moment.`,
  text_messages_off: msg`No text messages are sent here.`,
  ticket_over: msg`This took too long, or failed too often. Sign in again.`,
  too_many_keys: msg`There are as many as there may be. Remove one first.`,
  too_many_shares: msg`There are too many shared links. Delete one first.`,
  too_many_texts: msg`Enough text messages for now. Wait a little.`,
  too_many_transcodes: msg`Many people wait for this right now. Try again in a moment.`,
  unauthenticated: msg`Sign in to do this.`,
  unknown_purpose: msg`Nobody is asked about such a thing here.`,
  unknown_role: msg`There is no such role.`,
  unsupported_checksum: msg`What was sent is not what the server expects. Load the page again.`,
  unsupported_media_type: msg`This is not a sound file that we can read.`,
  unsupported_tus_version: msg`What was sent is not what the server expects. Load the page again.`,
  upload_locked: msg`Another upload of this file is under way.`,
  upload_too_large: msg`The file is larger than uploads may be.`,
  vault_unreadable: msg`Something on the server is damaged. Tell whoever runs it.`,
  version_conflict: msg`Somebody changed this in the meantime. Load it again, then repeat your change.`,
  wallet_message_refused: msg`The wallet signed something else than it was asked to. Try again.`,
  wallet_nonce_spent: msg`The message is too old or was used before. Try again.`,
  wallet_signature_wrong: msg`This signature does not prove that the wallet is yours.`,
  wallet_taken: msg`This wallet belongs to an account already.`,
  wallets_off: msg`Nobody signs in with a wallet here.`,
  wrong_code: msg`This code is not right, or was used before.`,
  wrong_content_type: msg`What was sent is not what the server expects. Load the page again.`,
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
  if (error instanceof NetworkError || error instanceof ApiError || error instanceof StorageRefused) {
    const known = codeText(error.code);
    if (known) return known;
  }
  if (error instanceof ApiError && error.detail) return error.detail;
  // A page that did not come: browsers have no name for it but these words.
  if (error instanceof TypeError && /import/i.test(error.message)) return codeText("network") ?? i18n._(unknown);
  return i18n._(unknown);
}
