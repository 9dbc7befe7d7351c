import { useLingui } from "@lingui/react/macro";
import { api } from "@/shared/api/client";
import type { Account } from "@/shared/api/types";
import { Section } from "@/shared/ui/section";
import { Switch } from "@/shared/ui/switch";
import { useDeed } from "./use-deed";

/** Whether others read that this is who they say they are. */
export function IdentityBadge({ person }: { person: Account }) {
  const { t } = useLingui();
  const change = useDeed(
    (give: boolean) => {
      const params = { path: { user_id: person.id } };
      return give
        ? api.PUT("/api/v1/users/{user_id}/verification", { params })
        : api.DELETE("/api/v1/users/{user_id}/verification", { params });
    },
    t`Saved`,
  );
  return (
    <Section title={t`Badge`}>
      <Switch
        label={t`Verified`}
        help={t`Tells everybody that this is who they say they are. Make sure of it first.`}
        checked={change.isPending ? change.variables : person.verified}
        onChange={change.mutate}
        disabled={change.isPending}
      />
    </Section>
  );
}
