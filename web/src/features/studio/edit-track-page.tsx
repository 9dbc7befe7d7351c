import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ExternalLink, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { player, queueItemFromTrack } from "@/player";
import type { FullTrack } from "@/shared/api/types";
import { queryClient } from "@/shared/lib/query";
import { Button, buttonClasses } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { ProgressBar } from "@/shared/ui/progress";
import { putTrackCover, saveTrack, trackQuery } from "./api/queries";
import { ContentForm } from "./components/content-form";
import { CreditsField } from "./components/credits-field";
import { HistoryLink } from "./components/history-link";
import { useLiveTracks } from "./components/live";
import { OnlyRelease, useMayEdit } from "./components/may-edit";
import { FormSkeleton, LoadFailed, Panel } from "./components/page";
import { ReleasePanel } from "./components/release-panel";
import { StatusBadge } from "./components/status-badge";
import { useDelete, usePublishing } from "./components/track-actions";
import { TrackBasics, TrackDetails, TrackWords } from "./components/track-fields";
import { useSaving } from "./components/use-saving";
import { useWords } from "./components/words";
import { useDraft } from "./model/draft";
import { trackFields, trackRequest } from "./model/fields";

export function EditTrackPage() {
  const { trackId } = useParams({ from: "/studio/tracks/$trackId" });
  const track = useQuery(trackQuery(trackId));
  const may = useMayEdit(track.data);
  useLiveTracks(track.data ? [track.data] : []);
  if (track.isPending || may === null) return <FormSkeleton />;
  if (track.isError) return <LoadFailed error={track.error} retry={() => void track.refetch()} />;
  if (!may) return <OnlyRelease work={track.data} />;
  return <TrackForm key={trackId} track={track.data} />;
}

function TrackForm({ track }: { track: FullTrack }) {
  const { t } = useLingui();
  const draft = useDraft(track, trackFields);
  const saving = useSaving(draft, {
    save: (version, changes) => saveTrack(track.id, version, trackRequest(changes)),
    load: () => queryClient.fetchQuery({ ...trackQuery(track.id), staleTime: 0 }),
  });
  const { title, credits } = draft.fields;
  const fields = { draft, error: saving.fieldError };
  return (
    <ContentForm
      title={track.title}
      source={track}
      draft={draft}
      saving={saving}
      valid={title.trim() !== "" && credits.every((credit) => credit.name.trim() !== "")}
      picture={{
        label: t`Choose a cover`,
        image: track.cover,
        send: (picture) => putTrackCover(track.id, picture),
      }}
      actions={<TrackActions track={track} />}
      notice={<ProcessingNotice track={track} />}
    >
      <TrackBasics {...fields} />
      <TrackWords {...fields} />
      <Panel title={t`Credits`} hint={t`Everybody who worked on this recording.`}>
        <CreditsField value={credits} onChange={(changed) => draft.set("credits", changed)} />
      </Panel>
      <TrackDetails {...fields} />
      <ReleasePanel work={track} />
    </ContentForm>
  );
}

function TrackActions({ track }: { track: FullTrack }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const publishing = usePublishing(track);
  const remove = useDelete(track.id, () => void navigate({ to: "/studio", ignoreBlocker: true }));
  const ready = track.status === "ready";
  const { title } = track;
  return (
    <>
      <HistoryLink id={track.id} />
      <Button isDisabled={!ready} onPress={() => player.playNow([queueItemFromTrack(track)])}>
        <Play aria-hidden className="flip-rtl size-4" />
        {t`Play`}
      </Button>
      {track.published ? (
        <>
          <Link to="/tracks/$trackId" params={{ trackId: track.id }} className={buttonClasses()}>
            <ExternalLink aria-hidden className="flip-rtl size-4" />
            <Trans>Public page</Trans>
          </Link>
          <Button onPress={() => publishing.mutate(false)} isPending={publishing.isPending}>{t`Withdraw`}</Button>
        </>
      ) : (
        <Button
          variant="primary"
          isDisabled={!ready}
          isPending={publishing.isPending}
          onPress={() => publishing.mutate(true)}
        >
          {t`Publish`}
        </Button>
      )}
      <Button variant="ghost" className="text-danger!" onPress={() => setAsking(true)}>
        <Trash2 aria-hidden className="size-4" />
        {t`Delete`}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => remove.mutate()}
        pending={remove.isPending}
        title={t`Delete “${title}”?`}
        confirmLabel={t`Delete`}
      >
        {t`The recording and all its files go for good, and its address stops working. This cannot be undone.`}
      </ConfirmDialog>
    </>
  );
}

function ProcessingNotice({ track }: { track: FullTrack }) {
  const { t } = useLingui();
  const words = useWords();
  const { status, published, progress, error, renditions_complete: complete } = track;
  return (
    <div className="flex flex-col items-start gap-3">
      <StatusBadge status={status} published={published} progress={progress} complete={complete} />
      {error ? (
        <p role="alert" className="rounded-lg bg-danger-soft px-4 py-3 text-danger">
          {words.problem(error)}
        </p>
      ) : null}
      {status === "processing" ? <ProgressBar label={t`Processing`} value={progress.percent} /> : null}
    </div>
  );
}
