import { Plural, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { api } from "@/shared/api/client";
import { useMe } from "@/shared/api/me";
import type { WaitingArtist } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { longDate } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { Dialog } from "@/shared/ui/dialog";
import { TextField } from "@/shared/ui/text-field";
import { toast } from "@/shared/ui/toast";
import { waitingArtistsQuery } from "./queries";

type Props = { artist: WaitingArtist; onDecided: () => void };

/** One profile, with all there is to decide by. */
export function WaitingRow({ artist, onDecided }: Props) {
  const { t } = useLingui();
  const [refusing, setRefusing] = useState(false);
  const name = artist.name;
  const count = artist.tracks;
  const asked = longDate(artist.asked_at);
  const approve = useDecision(
    () => api.POST("/api/v1/artists/{artist_id}/approve", { params: { path: { artist_id: artist.id } } }),
    t`${name} can publish now.`,
    onDecided,
  );
  return (
    <li className="flex flex-col gap-4 rounded-lg border border-line bg-raised p-5 sm:flex-row sm:gap-6">
      <Cover image={artist.image} alt="" seed={artist.id} shape="round" sizes="80px" className="size-20 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-col gap-3">
        <div className="flex flex-col gap-1">
          <h2 className="display text-lg break-words">
            <bdi>{name}</bdi>
          </h2>
          <p className="flex flex-wrap gap-x-4 text-sm text-muted">
            <MadeBy artist={artist} />
            <span>{t`asked on ${asked}`}</span>
            <span className="numbers">
              <Plural value={count} _0="no tracks yet" one="# track" other="# tracks" />
            </span>
          </p>
        </div>
        {artist.bio ? (
          <p dir="auto" className="max-h-40 overflow-y-auto break-words whitespace-pre-line">
            {artist.bio}
          </p>
        ) : null}
        {artist.refused_before ? <Before reason={artist.refused_before} /> : null}
        <div className="flex flex-wrap gap-3 pt-1">
          <Button
            variant="primary"
            onPress={() => approve.mutate(undefined)}
            isPending={approve.isPending}
            aria-label={t`Approve ${name}`}
          >
            <Check aria-hidden className="size-5" />
            {t`Approve`}
          </Button>
          <Button onPress={() => setRefusing(true)} isDisabled={approve.isPending} aria-label={t`Refuse ${name}`}>
            {t`Refuse`}
          </Button>
        </div>
      </div>
      {refusing ? <RefuseDialog artist={artist} onClose={() => setRefusing(false)} onDecided={onDecided} /> : null}
    </li>
  );
}

function MadeBy({ artist }: { artist: WaitingArtist }): ReactNode {
  const { t } = useLingui();
  const me = useMe();
  const person = artist.made_by;
  if (!person) return <span>{t`by somebody who is not shown`}</span>;
  const named = <bdi>{person.display_name}</bdi>;
  if (!me?.roles.includes("admin")) {
    return (
      <span className="break-words">
        {named} <bdi dir="ltr">@{person.handle}</bdi>
      </span>
    );
  }
  return (
    <Link
      to="/admin/users/$userId"
      params={{ userId: person.id }}
      className="rounded-sm break-words text-accent-text underline underline-offset-4"
    >
      {named} <bdi dir="ltr">@{person.handle}</bdi>
    </Link>
  );
}

function Before({ reason }: { reason: string }) {
  const { t } = useLingui();
  return (
    <div className="rounded-md bg-warning-soft px-4 py-3 text-sm">
      <p className="font-semibold text-warning">{t`Refused before`}</p>
      <p dir="auto" className="break-words text-ink">
        {reason}
      </p>
    </div>
  );
}

type RefuseProps = Props & { onClose: () => void };

function RefuseDialog({ artist, onClose, onDecided }: RefuseProps) {
  const { t } = useLingui();
  const form = useId();
  const [reason, setReason] = useState("");
  const name = artist.name;
  const refuse = useDecision(
    () =>
      api.POST("/api/v1/artists/{artist_id}/refuse", {
        params: { path: { artist_id: artist.id } },
        body: { reason: reason.trim() },
      }),
    t`${name} was refused.`,
    onDecided,
    onClose,
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    if (reason.trim()) refuse.mutate(undefined);
  }
  return (
    <Dialog
      open
      size="sm"
      onClose={onClose}
      title={t`Refuse ${name}`}
      actions={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button variant="danger" type="submit" form={form} isDisabled={!reason.trim()} isPending={refuse.isPending}>
            {t`Refuse`}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate>
        <TextField
          label={t`Reason`}
          rows={4}
          dir="auto"
          maxLength={500}
          value={reason}
          onChange={setReason}
          help={t`The person reads this, and can ask again.`}
          autoFocus
          required
        />
      </form>
    </Dialog>
  );
}

/** Said when it is done; also when somebody else was faster, the queue is asked anew. */
function useDecision(decide: () => Promise<unknown>, done: string, onDecided: () => void, onClose?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: decide,
    onSuccess: () => toast(done, "success"),
    onError: (error) => toast(errorText(error), "error"),
    onSettled: async () => {
      onClose?.();
      await client.invalidateQueries({ queryKey: waitingArtistsQuery.queryKey });
      onDecided();
    },
  });
}
