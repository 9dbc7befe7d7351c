import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Laptop, Smartphone, SquareTerminal } from "lucide-react";
import { useState } from "react";
import { api } from "@/shared/api/client";
import type { DeviceSession } from "@/shared/api/types";
import { methodText } from "@/shared/audit/words";
import { deviceName } from "@/shared/lib/device-name";
import { errorText } from "@/shared/lib/error-text";
import { ago, dateAndTime } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { NameDialog } from "@/shared/ui/name-dialog";
import { Section } from "@/shared/ui/section";
import { toast } from "@/shared/ui/toast";
import { Loaded } from "./loaded";
import { sessionsQuery } from "./queries";

export function Devices() {
  const { t } = useLingui();
  const sessions = useQuery(sessionsQuery);
  return (
    <Section id="devices" title={t`Devices`} intro={t`Where you are signed in. End what you do not recognise.`}>
      <Loaded query={sessions}>{(list) => <DeviceList sessions={list} />}</Loaded>
    </Section>
  );
}

function DeviceList({ sessions }: { sessions: readonly DeviceSession[] }) {
  const { t } = useLingui();
  const ordered = [...sessions].sort((one, other) => Number(other.current) - Number(one.current));
  return (
    <>
      <ul aria-label={t`Devices`} className="flex flex-col">
        {ordered.map((session) => (
          <Device key={session.id} session={session} />
        ))}
      </ul>
      {sessions.length > 1 ? <EndOthers /> : null}
    </>
  );
}

function DeviceIcon({ agent }: { agent: string }) {
  if (/iPhone|Android|Mobile/.test(agent)) return <Smartphone />;
  return /Mozilla/.test(agent) ? <Laptop /> : <SquareTerminal />;
}

async function rename({ id }: DeviceSession, name: string): Promise<void> {
  await api.PUT("/api/v1/users/me/sessions/{session_id}", { params: { path: { session_id: id } }, body: { name } });
}

function Device({ session }: { session: DeviceSession }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const name = session.name || deviceName(session.user_agent);
  const [naming, startNaming] = useState(false);
  const changed = () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  const end = useMutation({
    mutationFn: () =>
      api.DELETE("/api/v1/users/me/sessions/{session_id}", { params: { path: { session_id: session.id } } }),
    onSuccess: () => toast(t`${name} is signed out.`, "success"),
    onError: (error) => toast(errorText(error), "error"),
    onSettled: changed,
  });
  const method = methodText(session.method);
  const since = dateAndTime(session.created_at);
  return (
    <li className="flex items-center gap-4 border-t border-line py-4 first:border-t-0 first:pt-0">
      <span
        aria-hidden
        className="grid size-11 shrink-0 place-items-center rounded-full bg-raised text-muted [&>svg]:size-5"
      >
        <DeviceIcon agent={session.user_agent} />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 font-semibold">
          <bdi>{name}</bdi>
          {session.current ? (
            <span className="rounded-full bg-success-soft px-2.5 py-0.5 text-xs font-semibold text-success">
              {t`This device`}
            </span>
          ) : null}
        </p>
        <p className="text-sm break-words text-muted">
          {session.current ? t`Active now` : ago(session.last_seen_at)}
          {session.address ? (
            <>
              {" · "}
              <bdi>{session.address}</bdi>
            </>
          ) : null}
        </p>
        <p className="text-sm text-muted">{t`Signed in ${method}, ${since}`}</p>
      </div>
      <Button
        size="sm"
        variant="ghost"
        onPress={() => startNaming(true)}
        aria-label={t`Rename ${name}`}
      >{t`Rename`}</Button>
      {naming ? (
        <NameDialog
          title={t`Name this device`}
          help={t`Without a name it is called after its browser.`}
          suggestion={session.name}
          nameless
          onClose={() => startNaming(false)}
          onName={(called) => rename(session, called).then(changed)}
        />
      ) : null}
      {session.current ? null : (
        <Button size="sm" onPress={() => end.mutate()} isPending={end.isPending} aria-label={t`Sign out ${name}`}>
          {t`Sign out`}
        </Button>
      )}
    </li>
  );
}

function EndOthers() {
  const { t } = useLingui();
  const client = useQueryClient();
  const [asking, ask] = useState(false);
  const end = useMutation({
    mutationFn: () => api.DELETE("/api/v1/users/me/sessions"),
    onSuccess: () => toast(t`Every other device is signed out.`, "success"),
    onError: (error) => toast(errorText(error), "error"),
    onSettled: async () => {
      ask(false);
      await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
  });
  return (
    <>
      <Button className="self-start" onPress={() => ask(true)}>{t`Sign out everywhere else`}</Button>
      <ConfirmDialog
        open={asking}
        onClose={() => ask(false)}
        onConfirm={() => end.mutate()}
        title={t`Sign out everywhere else?`}
        confirmLabel={t`Sign out`}
        pending={end.isPending}
      >
        {t`Only this device stays signed in. Apps with keys of their own are not touched.`}
      </ConfirmDialog>
    </>
  );
}
