import { useLingui } from "@lingui/react/macro";
import type { Option } from "@/shared/ui/fields";
import type { Life } from "./queries";

export function useLives(): readonly Option<Life>[] {
  const { t } = useLingui();
  return [
    { id: "never", label: t`Until I delete it` },
    { id: "day", label: t`One day` },
    { id: "week", label: t`One week` },
    { id: "month", label: t`Thirty days` },
  ];
}
