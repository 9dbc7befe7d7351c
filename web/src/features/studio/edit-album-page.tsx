import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ExternalLink, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Album } from "@/shared/api/types";
import { queryClient } from "@/shared/lib/query";
import { Button, buttonClasses } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { toast } from "@/shared/ui/toast";
import { albumQuery, publishAlbum, putAlbumCover, refreshEverything, saveAlbum } from "./api/queries";
import { AlbumBasics, AlbumDetails, AlbumRelease } from "./components/album-fields";
import { AlbumTracks } from "./components/album-tracks";
import { ContentForm } from "./components/content-form";
import { HistoryLink, SplitLink } from "./components/history-link";
import { FormSkeleton, LoadFailed } from "./components/page";
import { ReleasePanel } from "./components/release-panel";
import { OnlyRelease, useMayEdit } from "./components/may-edit";
import { useDelete } from "./components/track-actions";
import { useSaving } from "./components/use-saving";
import { useWords } from "./components/words";
import { useDraft } from "./model/draft";
import { albumFields, albumRequest } from "./model/fields";

export function EditAlbumPage() {
  const { albumId } = useParams({ from: "/studio/albums/$albumId" });
  const album = useQuery(albumQuery(albumId));
  const may = useMayEdit(album.data);
  if (album.isPending || may === null) return <FormSkeleton />;
  if (album.isError) return <LoadFailed error={album.error} retry={() => void album.refetch()} />;
  if (!may) return <OnlyRelease work={album.data} />;
  return <AlbumForm key={albumId} album={album.data} />;
}

function AlbumForm({ album }: { album: Album }) {
  const { t } = useLingui();
  const draft = useDraft(album, albumFields);
  const saving = useSaving(draft, {
    save: (version, changes) => saveAlbum(album.id, version, albumRequest(changes)),
    load: () => queryClient.fetchQuery({ ...albumQuery(album.id), staleTime: 0 }),
  });
  const fields = { draft, error: saving.fieldError };
  return (
    <ContentForm
      title={album.title}
      source={album}
      draft={draft}
      saving={saving}
      valid={draft.fields.title.trim() !== ""}
      picture={{
        label: t`Choose a cover`,
        image: album.cover,
        send: (picture) => putAlbumCover(album.id, picture),
      }}
      actions={<AlbumActions album={album} />}
    >
      <AlbumTracks album={album} />
      <AlbumBasics {...fields} />
      <AlbumRelease {...fields} />
      <AlbumDetails {...fields} />
      <ReleasePanel work={album} />
    </ContentForm>
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
      <SplitLink id={album.id} />
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
