import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { endReasonText } from "@/shared/lib/end-reason";
import { session } from "@/shared/lib/session";
import { toast } from "@/shared/ui/toast";
import { router } from "./router";

/** Leads away from pages that want somebody signed in, and says why nobody is any more. */
export async function afterSession(): Promise<void> {
  await router.invalidate();
  const reason = session.endReason();
  // The sign-in page says it by itself.
  if (reason === null || router.state.location.pathname === "/sign-in") return;
  toast(endReasonText(reason), "info", {
    label: i18n._(msg`Sign in`),
    run: () => void router.navigate({ to: "/sign-in", search: { next: router.state.location.href } }),
  });
}
