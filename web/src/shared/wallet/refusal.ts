import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { ApiError, NetworkError } from "@/shared/api/errors";
import { errorText } from "@/shared/lib/error-text";
import { WalletDeclined } from "./wallets";

const asking = msg`Your wallet is still asking something. Answer it there first.`;
const broken = msg`The wallet could not sign. Try again.`;

/** Why it did not work; null where nothing failed, or its owner simply did not want to. */
export function walletRefusal(error: unknown): string | null {
  if (error === null || error === undefined) return null;
  if (error instanceof WalletDeclined) return error.waiting ? i18n._(asking) : null;
  return error instanceof ApiError || error instanceof NetworkError ? errorText(error) : i18n._(broken);
}
