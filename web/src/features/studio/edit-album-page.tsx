import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ExternalLink, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Album, AlbumCard } from "@/shared/api/types";
import { queryClient } from "@/shared/lib/query";
import { Button, buttonClasses } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { Select, TextField } from "@/shared/ui/fields";
import { Switch } from "@/shared/ui/switch";
import { toast } from "@/shared/ui/toast";
import { albumQuery, publishAlbum, putAlbumCover, refreshEverything, saveAlbum } from "./api/queries";
import { AlbumTracks } from "./components/album-tracks";
import { ConflictNotice, SaveBar, UnsavedGuard } from "./components/form-parts";
import { HistoryLink } from "./components/history-link";
import { FormSkeleton, LoadFailed, Panel, StudioPage } from "./components/page";
import { PictureField } from "./components/picture-field";
import { useDelete } from "./components/track-actions";
import { useSaving } from "./components/use-saving";
import { useWords } from "./components/words";
import { type Draft, useDraft } from "./model/draft";
import { type AlbumFields, albumFields } from "./model/fields";

type Kind = AlbumCard["album_kind"];

export function EditAlbumPage() {
  const { albumId } = useParams({ from: "/studio/albums/$albumId" });
  const album = useQuery(albumQuery(albumId));
  if (album.isPending) return <FormSkeleton />;
  if (album.isError) return <LoadFailed error={album.error} retry={() => void album.refetch()} />;
  return <AlbumForm key={albumId} album={album.data} />;
}

function AlbumForm({ album }: { album: Album }) {
  const { t } = useLingui();
  const draft = useDraft(album, albumFields);
  const saving = useSaving(draft, {
    save: (version, changes) => saveAlbum(album.id, version, changes),
    load: () => queryClient.fetchQuery({ ...albumQuery(album.id), staleTime: 0 }),
  });
  const valid = draft.fields.title.trim() !== "";
  return (
    <StudioPage
      title={album.title}
      back={{ to: "/studio", label: t`My music` }}
      actions={<AlbumActions album={album} />}
    >
      <UnsavedGuard dirty={draft.dirty} />
      {saving.conflict ? (
        <ConflictNotice onKeepMine={saving.keepMine} onTakeTheirs={saving.takeTheirs} pending={saving.pending} />
      ) : null}
      <div className="grid items-start gap-8 md:grid-cols-[16rem_1fr]">
        <PictureField
          label={t`Choose a cover`}
          image={album.cover}
          seed={album.id}
          send={(picture) => putAlbumCover(album.id, picture)}
          onSaved={(saved) => {
            if (!draft.dirty) draft.reset(saved);
          }}
        />
        <div className="flex min-w-0 flex-col gap-6">
          <AlbumTracks album={album} />
          <Basics draft={draft} error={saving.fieldError} />
        </div>
      </div>
      <SaveBar
        dirty={draft.dirty}
        pending={saving.pending}
        onDiscard={() => draft.reset(album)}
        onSave={() => valid && saving.submit()}
      />
    </StudioPage>
  );
}

type BasicsProps = { draft: Draft<Album, AlbumFields>; error: (name: string) => string | null };

function Basics({ draft, error }: BasicsProps) {
  const { t } = useLingui();
  const words = useWords();
  const { fields, set } = draft;
  return (
    <Panel title={t`The album`}>
      <TextField
        label={t`Title`}
        value={fields.title}
        onChange={(title) => set("title", title)}
        error={fields.title.trim() === "" ? t`An album needs a title.` : error("title")}
        required
        dir="auto"
        maxLength={300}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <Select
          label={t`Kind`}
          value={fields.album_kind}
          onChange={(kind) => set("album_kind", kind)}
          options={(Object.keys(words.albumKind) as Kind[]).map((id) => ({ id, label: words.albumKind[id] }))}
        />
        <TextField
          label={t`Release date`}
          type="date"
          value={fields.release_date ?? ""}
          onChange={(date) => set("release_date", date || null)}
          error={error("release_date")}
        />
      </div>
      <TextField
        label={t`Description`}
        value={fields.description}
        onChange={(text) => set("description", text)}
        rows={4}
        dir="auto"
        maxLength={5000}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          label={t`Label`}
          value={fields.label}
          onChange={(label) => set("label", label)}
          error={error("label")}
          dir="auto"
          maxLength={200}
        />
        <TextField
          label={t`UPC or EAN`}
          value={fields.upc ?? ""}
          onChange={(upc) => set("upc", upc.trim() || null)}
          error={error("upc")}
          inputMode="numeric"
          dir="ltr"
          maxLength={14}
        />
      </div>
      <Switch
        label={t`Explicit`}
        help={t`Contains words that are not for children.`}
        checked={fields.explicit}
        onChange={(on) => set("explicit", on)}
      />
    </Panel>
  );
}

function AlbumActions({ album }: { album: Album }) {
  const { t } = useLingui();
  const words = useWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useDelete(album.id, () => void navigate({ to: "/studio", ignoreBlocker: true }));
  const publish = useMutation({
    mutationFn: () => publishAlbum(album.id),
    onSuccess: (published) => {
      client.setQueryData(albumQuery(album.id).queryKey, published);
      toast(t`The album is published`, "success");
    },
    onError: (error) => toast(words.failure(error), "error"),
    onSettled: () => refreshEverything(),
  });
  const drafts = album.tracks.some((track) => !track.published);
  const { title } = album;
  return (
    <>
      <HistoryLink id={album.id} />
      {album.published ? (
        <Link to="/albums/$albumId" params={{ albumId: album.id }} className={buttonClasses()}>
          <ExternalLink aria-hidden className="flip-rtl size-4" />
          <Trans>Public page</Trans>
        </Link>
      ) : null}
      {album.published && !drafts ? null : (
        <Button variant="primary" isPending={publish.isPending} onPress={() => publish.mutate()}>
          {album.published ? t`Publish the rest` : t`Publish everything`}
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
        {t`The album goes for good. Its tracks stay in your music, without an album.`}
      </ConfirmDialog>
    </>
  );
}
