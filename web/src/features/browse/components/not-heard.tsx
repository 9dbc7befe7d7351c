import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { Ban } from "lucide-react";
import { useSyncExternalStore } from "react";
import { playerSettings } from "@/player";
import type { Track } from "@/shared/api/types";
import { useSignedIn } from "@/shared/lib/session";

type Heard = Pick<Track, "playable" | "because">;

const WORDS: Record<NonNullable<Track["because"]>, MessageDescriptor> = {
  processing: msg`Still being prepared`,
  failed: msg`Could not be prepared`,
  not_in_territory: msg`Not available in your country`,
  territory_unknown: msg`Available in some countries only, and yours is not known`,
  embargo: msg`Not out yet in your country`,
};

/** Why a work is not heard here; nothing where it is. */
export function NotHeard({ work, explicit = false }: { work: Heard; explicit?: boolean }) {
  const { i18n, t } = useLingui();
  const leftOut = useExplicitLeftOut() && explicit;
  const refused = !work.playable && work.because ? i18n._(WORDS[work.because]) : null;
  const why = refused ?? (leftOut ? t`Marked explicit, and passed over` : null);
  if (why === null) return null;
  return (
    <span title={why} className="flex min-w-0 items-center gap-1.5 text-sm text-muted">
      <Ban aria-hidden className="size-3.5 shrink-0" />
      <span className="truncate">{why}</span>
    </span>
  );
}

/** The server refuses them to people who chose so; guests choose nothing. */
function useExplicitLeftOut(): boolean {
  const { explicit } = useSyncExternalStore(playerSettings.subscribe, playerSettings.get);
  return useSignedIn() && !explicit;
}

/** How the picture of what is not heard looks. Its words keep their contrast. */
export const greyed = (work: Heard) => !work.playable && "opacity-50 grayscale";
