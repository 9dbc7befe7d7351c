import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/shared/api/client";
import type { Scrobbler } from "@/shared/api/types";
import { ago, count, dateAndTime, longDate } from "@/shared/lib/format";
import { Badge, type BadgeTone } from "@/shared/ui/badge";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { sayFailure } from "@/shared/ui/say-failure";
import { Switch } from "@/shared/ui/switch";
import { toast } from "@/shared/ui/toast";
import { NotTaken } from "./not-taken";
import { scrobblersQuery } from "./queries";

const MOST_COUNTED = 100;
const tones: Record<string, BadgeTone> = { on: "success", waiting: "warning", refused: "danger" };

type ConnectionProps = {
  service: Scrobbler;
  /** After it was disconnected. */
  onEnd: () => void;
};

/** How it goes with a service that is connected, and what one can do about it. */
export function Connection({ service, onEnd }: ConnectionProps) {
  const { t } = useLingui();
  const client = useQueryClient();
  const { id, name } = service;
  const path = { params: { path: { service: id } } };
  const onSettled = () => client.invalidateQueries({ queryKey: scrobblersQuery.queryKey });
  const turn = useMutation({
    mutationFn: (forwards: boolean) =>
      api.PATCH("/api/v1/integrations/scrobblers/{service}", { ...path, body: { forwards } }),
    onError: sayFailure,
    onSettled,
  });
  return (
    <>
      <State service={service} />
      <Trouble service={service} />
      <NotTaken service={service} />
      {service.state === "refused" ? null : (
        <Switch
          label={t`Tell ${name} what you hear`}
          help={t`What you hear while this is off is not told later either.`}
          checked={service.state !== "paused"}
          onChange={(on) => turn.mutate(on)}
        />
      )}
      <Disconnect service={service} onEnd={onEnd} />
    </>
  );
}

function State({ service }: { service: Scrobbler }) {
  const { t } = useLingui();
  const words: Record<string, string> = {
    on: t`Connected`,
    paused: t`Switched off`,
    waiting: t`Waits for the service`,
    refused: t`Connect again`,
  };
  const { account } = service;
  const since = service.connected_at ? longDate(service.connected_at) : null;
  const told = service.told_at ? ago(service.told_at) : null;
  const most = count(MOST_COUNTED);
  return (
    <div className="flex flex-col gap-1">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="font-semibold break-words">
          <Trans>
            As <bdi>{account}</bdi>
          </Trans>
        </span>
        <Badge tone={tones[service.state] ?? "plain"}>{words[service.state] ?? service.state}</Badge>
      </p>
      <p className="text-sm text-muted">
        {since ? t`Connected since ${since}` : null}
        {" · "}
        {told ? t`last told ${told}` : t`nothing told yet`}
      </p>
      <p className="text-sm text-muted empty:hidden">
        {service.waiting >= MOST_COUNTED ? (
          t`At least ${most} plays wait to be told.`
        ) : service.waiting > 0 ? (
          <Plural value={service.waiting} one="# play waits to be told." other="# plays wait to be told." />
        ) : null}
      </p>
    </div>
  );
}

/** What went wrong last: loudly while it still is, quietly afterwards. */
function Trouble({ service }: { service: Scrobbler }) {
  const { t } = useLingui();
  const { name, failure, failed_at, next_try_at, state } = service;
  if (!failure || !failed_at) return null;
  const when = ago(failed_at);
  const again = next_try_at ? dateAndTime(next_try_at) : null;
  if (state === "refused") {
    return (
      <p role="alert" className="rounded-md bg-danger-soft px-4 py-3 text-sm font-medium text-danger">
        {t`${name} no longer accepts the connection (${when}). Connect again, and what waits is told.`}
      </p>
    );
  }
  if (again) {
    return (
      <p className="rounded-md bg-warning-soft px-4 py-3 text-sm font-medium text-warning">
        {t`${name} did not take what it was told (${when}). Nothing is lost: the next try is on ${again}.`}
      </p>
    );
  }
  return <p className="text-sm text-muted">{t`Last trouble ${when}: ${name} did not take what it was told.`}</p>;
}

function Disconnect({ service, onEnd }: ConnectionProps) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [asking, ask] = useState(false);
  const { id, name } = service;
  const remove = useMutation({
    mutationFn: () => api.DELETE("/api/v1/integrations/scrobblers/{service}", { params: { path: { service: id } } }),
    onSuccess: () => {
      onEnd();
      toast(t`${name} is told nothing any more.`, "success");
    },
    onError: sayFailure,
    onSettled: async () => {
      ask(false);
      await client.invalidateQueries({ queryKey: scrobblersQuery.queryKey });
    },
  });
  return (
    <>
      <Button className="self-start" onPress={() => ask(true)} aria-label={t`Disconnect ${name}`}>
        {t`Disconnect`}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => ask(false)}
        onConfirm={() => remove.mutate()}
        title={t`Disconnect ${name}?`}
        confirmLabel={t`Disconnect`}
        pending={remove.isPending}
      >
        {t`It is told nothing any more, and the key to it is deleted here. What it was told stays there.`}
      </ConfirmDialog>
    </>
  );
}
