import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { Ban } from "lucide-react";
import type { Track } from "@/shared/api/types";

type Heard = Pick<Track, "playable" | "because">;

const WORDS: Record<NonNullable<Track["because"]>, MessageDescriptor> = {
  processing: msg`Still being prepared`,
  failed: msg`Could not be prepared`,
  not_in_territory: msg`Not available in your country`,
  territory_unknown: msg`Available in some countries only, and yours is not known`,
  embargo: msg`Not out yet in your country`,
};

/** Why a work is not heard here; nothing where it is. */
export function NotHeard({ work }: { work: Heard }) {
  const { i18n } = useLingui();
  if (work.playable || !work.because) return null;
  const why = i18n._(WORDS[work.because]);
  return (
    <span title={why} className="flex min-w-0 items-center gap-1.5 text-sm text-muted">
      <Ban aria-hidden className="size-3.5 shrink-0" />
      <span className="truncate">{why}</span>
    </span>
  );
}

/** How the picture of what is not heard looks. Its words keep their contrast. */
export const greyed = (work: Heard) => !work.playable && "opacity-50 grayscale";
