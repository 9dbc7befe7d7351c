import { i18n } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useMe } from "@/shared/api/me";
import type { Album, FullTrack } from "@/shared/api/types";
import { dateAndTime } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { TextField } from "@/shared/ui/fields";
import { toast } from "@/shared/ui/toast";
import { bringBack, refreshEverything, scheduleContent, takeDown } from "@/features/studio/api/queries";
import { localMoment, momentOf } from "@/features/studio/model/dates";
import { Announce } from "./announce";
import { Panel } from "./page";
import { useWords } from "./words";

type Work = Pick<Album | FullTrack, "id" | "published" | "publish_at" | "taken_down"> & {
  kind: string;
  announced?: boolean;
};

const timeZone = (): string => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const part = new Intl.DateTimeFormat(i18n.locale, { timeZoneName: "longOffset" })
    .formatToParts(new Date())
    .find(({ type }) => type === "timeZoneName");
  return part ? `${zone}, ${part.value}` : zone;
};

/** When a work becomes public by itself, and whether somebody has taken it down. */
export function ReleasePanel({ work }: { work: Work }) {
  const { t } = useLingui();
  const roles = useMe()?.roles ?? [];
  const decides = roles.includes("moderator") || roles.includes("admin");
  if (work.published && !decides) return null;
  return (
    <Panel title={t`Release`}>
      {work.taken_down ? <TakenDown work={work} taken={work.taken_down} decides={decides} /> : null}
      {!work.published && !work.taken_down ? <Schedule work={work} /> : null}
      {work.kind === "album" && work.publish_at && !work.published ? (
        <Announce id={work.id} announced={work.announced ?? false} />
      ) : null}
      {decides && !work.taken_down ? <TakeDown work={work} /> : null}
    </Panel>
  );
}

function Schedule({ work }: { work: Work }) {
  const { t } = useLingui();
  const words = useWords();
  const planned = work.publish_at;
  const [local, setLocal] = useState(planned ? localMoment(planned) : "");
  const zone = timeZone();
  const moment = momentOf(local);
  const plan = useMutation({
    mutationFn: (at: string | null) => scheduleContent(work.id, at),
    onSuccess: (_saved, at) => {
      if (at === null) setLocal("");
      toast(at === null ? t`The plan is taken back` : t`Planned`, "success");
      void refreshEverything();
    },
    onError: (error) => toast(words.failure(error), "error"),
  });
  const when = planned ? dateAndTime(planned) : "";
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (moment) plan.mutate(moment);
      }}
    >
      <p className="text-muted" role="status">
        {planned ? t`Becomes public on ${when}.` : t`It stays a draft until you publish it, or until a time you set.`}
      </p>
      <TextField
        label={t`Publish at`}
        type="datetime-local"
        value={local}
        onChange={setLocal}
        help={t`In the time zone of this device: ${zone}.`}
        className="max-w-sm"
      />
      <div className="flex flex-wrap gap-2">
        <Button size="sm" type="submit" isDisabled={moment === null} isPending={plan.isPending}>
          {planned ? t`Change the time` : t`Set the time`}
        </Button>
        {planned ? (
          <Button size="sm" variant="ghost" isPending={plan.isPending} onPress={() => plan.mutate(null)}>
            {t`Take the plan back`}
          </Button>
        ) : null}
      </div>
    </form>
  );
}

type TakenProps = { work: Work; taken: NonNullable<Work["taken_down"]>; decides: boolean };

function TakenDown({ work, taken, decides }: TakenProps) {
  const { t } = useLingui();
  const words = useWords();
  const when = dateAndTime(taken.at);
  const restore = useMutation({
    mutationFn: () => bringBack(work.id),
    onSuccess: () => {
      toast(t`It is back`, "success");
      void refreshEverything();
    },
    onError: (error) => toast(words.failure(error), "error"),
  });
  return (
    <div className="flex flex-col items-start gap-3 rounded-lg bg-danger-soft px-5 py-4">
      <p className="font-semibold text-danger">{t`Taken down on ${when}`}</p>
      <p dir="auto">{taken.reason}</p>
      {decides ? (
        <Button size="sm" isPending={restore.isPending} onPress={() => restore.mutate()}>{t`Bring it back`}</Button>
      ) : null}
    </div>
  );
}

function TakeDown({ work }: { work: Work }) {
  const { t } = useLingui();
  const words = useWords();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const take = useMutation({
    mutationFn: () => takeDown(work.id, reason.trim()),
    onSuccess: () => {
      setAsking(false);
      toast(t`Taken down`, "success");
      void refreshEverything();
    },
    onError: (error) => toast(words.failure(error), "error"),
  });
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="text-sm text-muted">
        {t`What is taken down is heard by nobody. Those who manage it read the reason, and nothing of it is lost.`}
      </p>
      <Button size="sm" className="text-danger!" onPress={() => setAsking(true)}>{t`Take down`}</Button>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t`Take this down?`}
        size="sm"
        actions={
          <>
            <Button onPress={() => setAsking(false)}>{t`Cancel`}</Button>
            <Button
              variant="danger"
              isDisabled={reason.trim() === ""}
              isPending={take.isPending}
              onPress={() => take.mutate()}
            >{t`Take down`}</Button>
          </>
        }
      >
        <TextField
          label={t`Reason`}
          value={reason}
          onChange={setReason}
          rows={3}
          maxLength={500}
          dir="auto"
          autoFocus
        />
      </Dialog>
    </div>
  );
}
