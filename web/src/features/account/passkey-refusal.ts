import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { PasskeyDismissed } from "@/shared/lib/passkeys";
import { refusalText } from "./refusal";

/** Why a passkey did not do it; null where nothing failed, or the person only changed their mind. */
export function passkeyRefusal(error: unknown): string | null {
  if (error instanceof PasskeyDismissed) return null;
  if (error instanceof DOMException) return i18n._(msg`Passkeys do not work at this address, or not in this browser.`);
  return refusalText(error);
}
