import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { ApiError, NetworkError } from "@/shared/api/errors";

/** What a person reads for each code of the API. A code that is not here shows the server's own words. */
const texts: Record<string, MessageDescriptor> = {
  bad_credentials: msg`The email address or the password is not right.`,
  email_taken: msg`There is already an account with this email address.`,
  handle_taken: msg`This handle is taken. Try another one.`,
  invalid_refresh_token: msg`You have been signed out. Sign in again.`,
  invalid_link: msg`This link has been used or has expired. Ask for a new one.`,
  unauthenticated: msg`Sign in to do this.`,
  forbidden: msg`You are not allowed to do this.`,
  not_found: msg`This is not here, or no longer here.`,
  not_ready: msg`This is still being prepared. Try again in a moment.`,
  album_empty: msg`Add a track to the album first.`,
  version_conflict: msg`Somebody changed this in the meantime. Load it again, then repeat your change.`,
  upload_too_large: msg`The file is larger than uploads may be.`,
  quota_exceeded: msg`Your storage is full. Delete something, then upload again.`,
  unsupported_media_type: msg`This is not a sound file that we can read.`,
  empty_file: msg`The file is empty.`,
  rate_limited: msg`Too many tries. Wait a moment.`,
  network: msg`The server cannot be reached. Check your connection.`,
};

export function errorText(error: unknown): string {
  if (error instanceof NetworkError) return i18n._(texts.network as MessageDescriptor);
  if (error instanceof ApiError) {
    const known = texts[error.code];
    if (known) return i18n._(known);
    if (error.status === 401) return i18n._(texts.unauthenticated as MessageDescriptor);
    if (error.detail) return error.detail;
  }
  return i18n._(msg`Something went wrong. Try again.`);
}

/** The text for a code alone (a failed track's `error.code`); null when we have no words for it. */
export function codeText(code: string): string | null {
  const known = texts[code];
  return known ? i18n._(known) : null;
}
