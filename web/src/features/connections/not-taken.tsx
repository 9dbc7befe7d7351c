import { Plural, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/shared/api/client";
import type { PlayNotTaken, Scrobbler } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { dateAndTime } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { Skeleton } from "@/shared/ui/progress";
import { sayFailure } from "@/shared/ui/say-failure";
import { notTakenQuery, scrobblersQuery } from "./queries";

/** Plays that the service refused for good, and why; they are not told again. */
export function NotTaken({ service }: { service: Scrobbler }) {
  const [open, setOpen] = useState(false);
  const count = service.not_taken;
  if (count === 0) return null;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="min-h-11 cursor-pointer content-center rounded-sm text-sm font-semibold">
        <Plural value={count} one="# play was refused for good" other="# plays were refused for good" />
      </summary>
      {open ? <Plays service={service} /> : null}
    </details>
  );
}

function Plays({ service }: { service: Scrobbler }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const { id, name } = service;
  const found = useQuery(notTakenQuery(id));
  const forget = useMutation({
    mutationFn: () =>
      api.DELETE("/api/v1/integrations/scrobblers/{service}/not-taken", { params: { path: { service: id } } }),
    onError: sayFailure,
    onSettled: () => client.invalidateQueries({ queryKey: scrobblersQuery.queryKey }),
  });
  if (found.isPending) return <Skeleton className="h-12" />;
  if (found.isError) return <p className="text-sm text-danger">{errorText(found.error)}</p>;
  return (
    <div className="flex flex-col gap-4 pt-2">
      <p className="text-sm text-muted">
        {t`They count here all the same. ${name} would refuse them again, so it is not told of them any more.`}
      </p>
      <ul aria-label={t`Refused by ${name}`} className="flex flex-col">
        {found.data.map((play) => (
          <Play key={`${play.started_at} ${play.put_aside_at}`} play={play} />
        ))}
      </ul>
      <Button size="sm" className="self-start" isPending={forget.isPending} onPress={() => forget.mutate()}>
        {t`Put the list away`}
      </Button>
    </div>
  );
}

function Play({ play }: { play: PlayNotTaken }) {
  return (
    <li className="flex flex-col gap-0.5 border-b border-line py-3 last:border-b-0">
      <p className="break-words">
        <bdi className="font-semibold">{play.title}</bdi> · <bdi>{play.artist}</bdi>
      </p>
      <p className="text-sm break-words text-muted">
        {dateAndTime(play.started_at)}
        {play.reason ? (
          <>
            {" · "}
            <bdi>{play.reason}</bdi>
          </>
        ) : null}
      </p>
    </li>
  );
}
