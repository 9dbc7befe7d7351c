import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { ApiError } from "@/shared/api/errors";
import { errorText } from "@/shared/lib/error-text";
import { PasskeyDismissed, PasskeyPresent } from "@/shared/lib/passkeys";
import { toast } from "./toast";

/** The person closed a dialog, the browser's or ours: nothing was done, and nothing is wrong. */
export const onlyChangedTheirMind = (error: unknown): boolean =>
  error instanceof PasskeyDismissed || (error instanceof ApiError && error.code === "step_up_needed");

/** Says in passing what went wrong, where something did. */
export function sayFailure(error: unknown): void {
  if (onlyChangedTheirMind(error)) return;
  const text =
    error instanceof PasskeyPresent
      ? i18n._(msg`This device has a passkey for your account already.`)
      : errorText(error);
  toast(text, "error");
}
