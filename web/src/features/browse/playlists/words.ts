import { useLingui } from "@lingui/react/macro";
import { Globe, Library, Link, Lock, type LucideIcon } from "lucide-react";
import type { Playlist } from "@/shared/api/types";
import type { Option } from "@/shared/ui/fields";
import type { Visibility } from "./queries";

const visibilityIcons: Record<Visibility, LucideIcon> = { private: Lock, unlisted: Link, public: Globe };

/** One that a file of a library made is seen by whoever hears that, unless everybody sees it anyway. */
const isOfLibrary = (playlist: Playlist) => Boolean(playlist.library_id) && playlist.visibility === "private";

export const seenIcon = (playlist: Playlist): LucideIcon =>
  isOfLibrary(playlist) ? Library : visibilityIcons[playlist.visibility];

/** Who sees a playlist, in a word or two. */
export function useSeenBy(playlist: Playlist): string | undefined {
  const { t } = useLingui();
  const chosen = useVisibilities().find((one) => one.id === playlist.visibility);
  return isOfLibrary(playlist) ? t`Whoever hears the library` : chosen?.label;
}

export function useVisibilities(): Option<Visibility>[] {
  const { t } = useLingui();
  return [
    { id: "private", label: t`Private`, detail: t`Only you` },
    { id: "unlisted", label: t`Unlisted`, detail: t`Whoever has the link` },
    { id: "public", label: t`Public`, detail: t`Everybody; it can be found` },
  ];
}
