import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { ApiError } from "@/shared/api/errors";
import { errorText } from "@/shared/lib/error-text";
import { longDate } from "@/shared/lib/format";

/** Why somebody is not let in, as they read it; null where nothing failed or only a second factor is asked for. */
export function refusalText(error: unknown): string | null {
  if (error === null || error === undefined) return null;
  if (!(error instanceof ApiError)) return errorText(error);
  if (error.code === "second_factor_needed") return null;
  if (error.code === "account_suspended") return suspended(error);
  return errorText(error);
}

function suspended(error: ApiError): string {
  const { until } = error.members;
  const reason = error.detail;
  if (typeof until !== "string") return i18n._(msg`This account is suspended: ${reason}`);
  const day = longDate(until);
  return i18n._(msg`This account is suspended until ${day}: ${reason}`);
}
