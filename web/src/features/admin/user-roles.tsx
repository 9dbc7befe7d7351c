import { useLingui } from "@lingui/react/macro";
import { api } from "@/shared/api/client";
import type { Account } from "@/shared/api/types";
import { roleName, ROLES } from "@/shared/audit/roles";
import { Section } from "@/shared/ui/section";
import { Switch } from "@/shared/ui/switch";
import { useDeed } from "./use-deed";

export function Roles({ person }: { person: Account }) {
  const { t } = useLingui();
  const about: Record<string, string> = {
    fan: t`Listens, collects and talks`,
    artist: t`Publishes under an artist profile`,
    producer: t`Is credited on tracks`,
    label: t`Looks after a roster of artists`,
    moderator: t`Decides about reports`,
    admin: t`Runs this installation`,
  };
  return (
    <Section title={t`Roles`} intro={t`What they may do here. Taking a role away signs them out.`}>
      <ul className="flex flex-col gap-3">
        {ROLES.map((role) => (
          <li key={role}>
            <RoleSwitch person={person} role={role} help={about[role] ?? ""} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function RoleSwitch({ person, role, help }: { person: Account; role: string; help: string }) {
  const { t } = useLingui();
  const change = useDeed(
    (give: boolean) => {
      const params = { path: { user_id: person.id, role } };
      return give
        ? api.PUT("/api/v1/users/{user_id}/roles/{role}", { params })
        : api.DELETE("/api/v1/users/{user_id}/roles/{role}", { params });
    },
    t`Saved`,
  );
  const has = person.roles.includes(role);
  return (
    <Switch
      label={roleName(role)}
      help={help}
      checked={change.isPending ? change.variables : has}
      onChange={change.mutate}
      disabled={change.isPending}
    />
  );
}
