import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { api } from "@/shared/api/client";
import type { Account } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { Section } from "@/shared/ui/section";
import { useDeed } from "./use-deed";

export function EndSessions({ person }: { person: Account }) {
  const { t } = useLingui();
  const [asking, ask] = useState(false);
  const name = person.display_name;
  const end = useDeed(
    () => api.DELETE("/api/v1/users/{user_id}/sessions", { params: { path: { user_id: person.id } } }),
    t`${name} is signed out everywhere.`,
  );
  return (
    <Section title={t`Devices`} intro={t`Helps when an account seems to be in the wrong hands.`}>
      <Button className="self-start" onPress={() => ask(true)} isPending={end.isPending}>
        {t`Sign out everywhere`}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => ask(false)}
        onConfirm={() => {
          ask(false);
          end.mutate(undefined);
        }}
        title={t`Sign ${name} out everywhere?`}
        confirmLabel={t`Sign out`}
      >
        {t`They can come back with their password or another way in.`}
      </ConfirmDialog>
    </Section>
  );
}
