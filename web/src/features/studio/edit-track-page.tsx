import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ExternalLink, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { player, queueItemFromTrack } from "@/player";
import type { ContentChange, Track } from "@/shared/api/types";
import { Button, buttonClasses } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { Select, TextField } from "@/shared/ui/fields";
import { ProgressBar } from "@/shared/ui/progress";
import { Switch } from "@/shared/ui/switch";
import { albumsOfArtist, putTrackCover, saveTrack, trackQuery } from "./api/queries";
import { CreditsField } from "./components/credits-field";
import { ConflictNotice, SaveBar, UnsavedGuard } from "./components/form-parts";
import { GenresField } from "./components/genres-field";
import { HistoryLink } from "./components/history-link";
import { useLiveTracks } from "./components/live";
import { FormSkeleton, LoadFailed, Panel, StudioPage } from "./components/page";
import { PictureField } from "./components/picture-field";
import { StatusBadge } from "./components/status-badge";
import { useDelete, usePublishing } from "./components/track-actions";
import { useSaving } from "./components/use-saving";
import { useWords } from "./components/words";
import { type Draft, useDraft } from "./model/draft";
import { type TrackFields, trackFields, whole } from "./model/fields";
import { queryClient } from "@/shared/lib/query";

const NO_ALBUM = "none";

export function EditTrackPage() {
  const { trackId } = useParams({ from: "/studio/tracks/$trackId" });
  const track = useQuery(trackQuery(trackId));
  useLiveTracks(track.data ? [track.data] : []);
  if (track.isPending) return <FormSkeleton />;
  if (track.isError) return <LoadFailed error={track.error} retry={() => void track.refetch()} />;
  return <TrackForm key={trackId} track={track.data} />;
}

function TrackForm({ track }: { track: Track }) {
  const { t } = useLingui();
  const draft = useDraft(track, trackFields);
  const saving = useSaving(draft, {
    save: (version, changes) => saveTrack(track.id, version, toRequest(changes)),
    load: () => queryClient.fetchQuery({ ...trackQuery(track.id), staleTime: 0 }),
  });
  const valid = draft.fields.title.trim() !== "" && draft.fields.credits.every((credit) => credit.name.trim() !== "");
  return (
    <StudioPage
      title={track.title}
      back={{ to: "/studio", label: t`My music` }}
      actions={<TrackActions track={track} />}
    >
      <UnsavedGuard dirty={draft.dirty} />
      <ProcessingNotice track={track} />
      {saving.conflict ? (
        <ConflictNotice onKeepMine={saving.keepMine} onTakeTheirs={saving.takeTheirs} pending={saving.pending} />
      ) : null}
      <div className="grid items-start gap-8 md:grid-cols-[16rem_1fr]">
        <PictureField
          label={t`Choose a cover`}
          image={track.cover}
          seed={track.id}
          send={(picture) => putTrackCover(track.id, picture)}
          onSaved={(saved) => {
            if (!draft.dirty) draft.reset(saved);
          }}
        />
        <div className="flex min-w-0 flex-col gap-6">
          <Basics draft={draft} error={saving.fieldError} />
          <Panel title={t`Genres and words`}>
            <GenresField value={draft.fields.genres} onChange={(genres) => draft.set("genres", genres)} />
            <TextField
              label={t`Description`}
              value={draft.fields.description}
              onChange={(text) => draft.set("description", text)}
              rows={4}
              dir="auto"
              maxLength={5000}
            />
          </Panel>
          <Panel title={t`Credits`} hint={t`Everybody who worked on this recording.`}>
            <CreditsField value={draft.fields.credits} onChange={(credits) => draft.set("credits", credits)} />
          </Panel>
        </div>
      </div>
      <SaveBar
        dirty={draft.dirty}
        pending={saving.pending}
        onDiscard={() => draft.reset(track)}
        onSave={() => valid && saving.submit()}
      />
    </StudioPage>
  );
}

type BasicsProps = { draft: Draft<Track, TrackFields>; error: (name: string) => string | null };

function Basics({ draft, error }: BasicsProps) {
  const { t } = useLingui();
  const { fields, set, base } = draft;
  const albums = useQuery(albumsOfArtist(base.artist.id)).data ?? [];
  const options = albums.map(({ id, title }) => ({ id, label: title }));
  const listed = base.album === null || albums.some((album) => album.id === base.album?.id);
  return (
    <Panel title={t`The track`}>
      <TextField
        label={t`Title`}
        value={fields.title}
        onChange={(title) => set("title", title)}
        error={fields.title.trim() === "" ? t`A track needs a title.` : error("title")}
        required
        dir="auto"
        maxLength={300}
      />
      <Select
        label={t`Album`}
        value={fields.album_id ?? NO_ALBUM}
        onChange={(id) => set("album_id", id === NO_ALBUM ? null : id)}
        options={[
          { id: NO_ALBUM, label: t`No album` },
          ...(listed || !base.album ? [] : [{ id: base.album.id, label: base.album.title }]),
          ...options,
        ]}
      />
      <div className="grid grid-cols-2 gap-5 sm:grid-cols-3">
        <NumberField
          label={t`Track number`}
          value={fields.track_number}
          onChange={(number) => set("track_number", number)}
          error={error("track_number")}
        />
        <NumberField
          label={t`Disc`}
          value={fields.disc_number}
          onChange={(number) => set("disc_number", number)}
          error={error("disc_number")}
        />
        <NumberField
          label={t`Year`}
          value={fields.year}
          onChange={(number) => set("year", number)}
          error={error("year")}
        />
      </div>
      <TextField
        label={t`ISRC`}
        value={fields.isrc ?? ""}
        onChange={(isrc) => set("isrc", isrc.trim().toUpperCase() || null)}
        help={t`The code of the recording, for example DE-A12-26-00001, where it has one.`}
        error={error("isrc")}
        dir="ltr"
        maxLength={15}
      />
      <Switch
        label={t`Explicit`}
        help={t`Contains words that are not for children.`}
        checked={fields.explicit}
        onChange={(on) => set("explicit", on)}
      />
    </Panel>
  );
}

type NumberFieldProps = {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
  error: string | null;
};

function NumberField({ label, value, onChange, error }: NumberFieldProps) {
  return (
    <TextField
      label={label}
      value={value === null ? "" : String(value)}
      onChange={(text) => onChange(whole(text))}
      inputMode="numeric"
      maxLength={4}
      error={error}
    />
  );
}

function TrackActions({ track }: { track: Track }) {
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

function ProcessingNotice({ track }: { track: Track }) {
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

function toRequest(changes: Partial<TrackFields>): ContentChange {
  const { credits, title, ...rest } = changes;
  return {
    ...rest,
    ...(title === undefined ? {} : { title: title.trim() }),
    ...(credits === undefined ? {} : { credits: credits.map((credit) => ({ ...credit, name: credit.name.trim() })) }),
  };
}
