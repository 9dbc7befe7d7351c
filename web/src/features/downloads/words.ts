import { useLingui } from "@lingui/react/macro";
import { type Kept, lapsed } from "@/player";
import { codeText } from "@/shared/lib/error-text";
import { longDate } from "@/shared/lib/format";

/** How it stands with a kept track, in a few words. */
export function useKeptWords(): (kept: Kept) => string {
  const { t } = useLingui();
  return (kept) => {
    const share = kept.bytes > 0 ? Math.floor((kept.got / kept.bytes) * 100) : 0;
    const end = kept.expiresAt === null ? "" : longDate(kept.expiresAt);
    switch (kept.state) {
      case "waiting":
        return kept.got > 0 ? t`Waiting, ${share} % is here` : t`Waiting`;
      case "loading":
        return t`${share} % is here`;
      case "failed":
      case "refused":
        return codeText(kept.because ?? "") ?? t`This could not be kept.`;
      case "ready":
        if (kept.expiresAt === null) return t`Stays`;
        return lapsed(kept, Date.now()) ? t`Lent until ${end}: go online once to hear it again` : t`Lent until ${end}`;
    }
  };
}
