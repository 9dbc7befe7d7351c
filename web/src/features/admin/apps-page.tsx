import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { AppWindow, Plus } from "lucide-react";
import { useState } from "react";
import { api } from "@/shared/api/client";
import type { App } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { longDate } from "@/shared/lib/format";
import { Badge } from "@/shared/ui/badge";
import { Button } from "@/shared/ui/button";
import { CopyField } from "@/shared/ui/copy-field";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { EmptyState } from "@/shared/ui/empty-state";
import { labelClasses } from "@/shared/ui/field-classes";
import { SecretDialog } from "@/shared/ui/secret-dialog";
import { PageSkeleton, PageTitle } from "./layout";
import { NewAppDialog } from "./new-app-dialog";
import { appsQuery } from "./queries";
import { useDeed } from "./use-deed";

/** Apps that people sign in to with their account here. */
export default function AppsPage() {
  const { t } = useLingui();
  const apps = useQuery(appsQuery);
  const [asking, ask] = useState(false);
  const [made, show] = useState<App | null>(null);
  const register = (
    <Button variant="primary" onPress={() => ask(true)}>
      <Plus aria-hidden className="size-5" />
      {t`Register an app`}
    </Button>
  );
  return (
    <>
      <PageTitle
        title={t`Apps`}
        intro={t`People sign in to these with their account here, and decide what each may do for them.`}
        actions={apps.data?.length ? register : null}
      />
      {apps.isPending ? <PageSkeleton /> : null}
      {apps.isError ? <EmptyState title={t`The list cannot be shown`}>{errorText(apps.error)}</EmptyState> : null}
      {apps.data?.length === 0 ? (
        <EmptyState icon={<AppWindow />} title={t`No app is registered`} actions={register}>
          {t`A program that speaks OpenID Connect can sign people in with their account here, once you let it.`}
        </EmptyState>
      ) : null}
      {apps.data?.length ? <Apps apps={apps.data} /> : null}
      {asking ? <NewAppDialog onClose={() => ask(false)} onMade={show} /> : null}
      {made?.secret ? (
        <SecretDialog
          title={t`The secret of the app`}
          name={made.name}
          secret={made.secret}
          onClose={() => show(null)}
          hint={t`The app sends it together with its client ID when it asks for tokens.`}
        />
      ) : null}
    </>
  );
}

function Apps({ apps }: { apps: App[] }) {
  const { t } = useLingui();
  return (
    <>
      <div className="flex max-w-2xl flex-col gap-2 pb-8">
        <CopyField label={t`Issuer`} value={window.location.origin} />
        <p className="text-sm text-muted">{t`All that an app has to know of this installation; it finds the rest by itself.`}</p>
      </div>
      <ul aria-label={t`Apps`} className="flex flex-col border-b border-line">
        {apps.map((app) => (
          <Row key={app.id} app={app} />
        ))}
      </ul>
    </>
  );
}

function Row({ app }: { app: App }) {
  const { t } = useLingui();
  const { name } = app;
  const made = longDate(app.created_at);
  return (
    <li className="flex flex-col gap-4 border-t border-line py-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="flex min-w-0 flex-1 flex-col gap-0.5">
          <h2 className="flex flex-wrap items-center gap-3 font-semibold">
            <bdi className="min-w-0 break-words">{name}</bdi>
            <Badge>{app.confidential ? t`On a server` : t`On people's devices`}</Badge>
          </h2>
          <p className="text-sm text-muted">{t`registered on ${made}`}</p>
        </div>
        <Remove app={app} />
      </div>
      <div className="grid gap-4 xl:grid-cols-2">
        <CopyField label={t`Client ID`} value={app.id} />
        <div className="flex min-w-0 flex-col gap-1.5">
          <span className={labelClasses}>{t`Sends people back to`}</span>
          <ul className="flex flex-col gap-1 py-2">
            {app.redirect_uris.map((uri) => (
              <li key={uri}>
                <code dir="ltr" className="text-sm break-all">
                  {uri}
                </code>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </li>
  );
}

function Remove({ app }: { app: App }) {
  const { t } = useLingui();
  const { name } = app;
  const [asking, ask] = useState(false);
  const remove = useDeed(
    () => api.DELETE("/api/v1/apps/{app_id}", { params: { path: { app_id: app.id } } }),
    t`${name} is removed.`,
    appsQuery.queryKey,
  );
  return (
    <>
      <Button size="sm" onPress={() => ask(true)} isPending={remove.isPending} aria-label={t`Remove ${name}`}>
        {t`Remove`}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => ask(false)}
        title={t`Remove ${name}?`}
        confirmLabel={t`Remove`}
        onConfirm={() => {
          ask(false);
          remove.mutate(undefined);
        }}
      >
        {t`Everybody is signed out of it at once, and nobody can sign in to it any more.`}
      </ConfirmDialog>
    </>
  );
}
