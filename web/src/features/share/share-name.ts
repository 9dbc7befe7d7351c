import { useLingui } from "@lingui/react/macro";
import type { SharedWork } from "@/shared/api/types";

/** What a link is called: by the first of its works, and how many more there are. */
export function useShareName(works: readonly SharedWork[]): string {
  const { t } = useLingui();
  const [first] = works;
  const name = first?.album?.title ?? first?.track?.title ?? first?.artist?.name;
  if (name === undefined) return t`Nothing any more`;
  const others = works.length - 1;
  return others > 0 ? t`${name} and ${others} more` : name;
}
