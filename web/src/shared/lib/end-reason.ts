import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";

const twoPlaces = msg`Your sign-in turned up in two places at once, so it was ended. If one of them was not you, change your password.`;
const newPassword = msg`The password was changed, so this device was signed out.`;
const byAdmin = msg`An administrator signed you out.`;

const texts: Record<string, MessageDescriptor> = {
  account_closing: msg`Your account is closed. Sign in again, or follow the link in the letter, to have it back.`,
  administrator: byAdmin,
  other_device: twoPlaces,
  password_changed: newPassword,
  password_reset: newPassword,
  refresh_token_reused: twoPlaces,
  revoked: msg`You were signed out from another device.`,
  role_revoked: byAdmin,
  suspended: msg`Your account is suspended.`,
};
const unknown = msg`You have been signed out. Sign in again.`;

/** Why a session ended (`reason` of the server's `signed_out`), as its owner reads it. */
export const endReasonText = (reason: string): string => i18n._(texts[reason] ?? unknown);
