import { useLingui } from "@lingui/react/macro";
import { Globe, Link, Lock, type LucideIcon } from "lucide-react";
import type { Option } from "@/shared/ui/fields";
import type { Visibility } from "./queries";

export const visibilityIcons: Record<Visibility, LucideIcon> = { private: Lock, unlisted: Link, public: Globe };

export function useVisibilities(): Option<Visibility>[] {
  const { t } = useLingui();
  return [
    { id: "private", label: t`Private`, detail: t`Only you` },
    { id: "unlisted", label: t`Unlisted`, detail: t`Whoever has the link` },
    { id: "public", label: t`Public`, detail: t`Everybody; it can be found` },
  ];
}
