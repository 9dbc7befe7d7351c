import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { AppWindow } from "lucide-react";
import { useState } from "react";
import { api } from "@/shared/api/client";
import type { AllowedApp } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { longDate } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { Section } from "@/shared/ui/section";
import { toast } from "@/shared/ui/toast";
import { Entry } from "./entry";
import { allowedAppsQuery } from "./queries";
import { useScopes } from "./scopes";

/** Apps that one signed in to with this account; nothing where there are none. */
export function Apps() {
  const { t } = useLingui();
  const apps = useQuery(allowedAppsQuery);
  if (!apps.data?.length) return null;
  return (
    <Section id="apps" title={t`Apps`} intro={t`Apps that you signed in to with this account.`}>
      <ul aria-label={t`Apps`} className="flex flex-col">
        {apps.data.map((app) => (
          <Allowed key={app.id} app={app} />
        ))}
      </ul>
    </Section>
  );
}

function Allowed({ app }: { app: AllowedApp }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [asking, ask] = useState(false);
  const { name } = app;
  const scopes = useScopes();
  const may = scopes
    .filter((scope) => app.scopes.includes(scope.id))
    .map((scope) => scope.label)
    .join(" · ");
  const since = longDate(app.granted_at);
  const remove = useMutation({
    mutationFn: () => api.DELETE("/api/v1/users/me/apps/{app_id}", { params: { path: { app_id: app.id } } }),
    onSuccess: () => toast(t`${name} is signed out.`, "success"),
    onError: (error) => toast(errorText(error), "error"),
    onSettled: async () => {
      ask(false);
      await client.invalidateQueries({ queryKey: allowedAppsQuery.queryKey });
    },
  });
  return (
    <Entry
      icon={<AppWindow />}
      name={name}
      actions={
        <>
          <Button size="sm" onPress={() => ask(true)} aria-label={t`Sign out ${name}`}>
            {t`Sign out`}
          </Button>
          <ConfirmDialog
            open={asking}
            onClose={() => ask(false)}
            title={t`Sign ${name} out?`}
            confirmLabel={t`Sign out`}
            pending={remove.isPending}
            onConfirm={() => remove.mutate()}
          >
            {t`It can no longer act for you, and asks again next time.`}
          </ConfirmDialog>
        </>
      }
    >
      {may ? <p className="text-sm">{may}</p> : null}
      <p className="text-sm text-muted">{t`Since ${since}`}</p>
    </Entry>
  );
}
