import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { MicVocal, Plus } from "lucide-react";
import type { Artist } from "@/shared/api/types";
import { byteSize, spokenLength } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { Select } from "@/shared/ui/fields";
import { ProgressBar } from "@/shared/ui/progress";
import { albumsOfArtist, createAlbum, myArtists, putAlbumCover, quotaQuery } from "./api/queries";
import { AlbumDialog } from "./components/album-dialog";
import { ArtistDialog } from "./components/artist-dialog";
import { DropArea } from "./components/drop-area";
import { LoadFailed, RowsSkeleton, StudioPage } from "./components/page";
import { UploadRow } from "./components/upload-row";
import { type PickedFile, isCover } from "./model/files";
import { remainingMs } from "./model/speed";
import {
  type UploadItem,
  addFiles,
  clearSettled,
  pauseAll,
  recallUploads,
  resumeAll,
  uploadStore,
} from "./model/upload-queue";

/** Where files go: no album, an album of their own for each folder, or one that exists. */
const NO_ALBUM = "none";
const FOLDERS = "folders";

export function UploadPage() {
  const { t } = useLingui();
  const artists = useQuery(myArtists);
  useEffect(() => {
    // A list that cannot be fetched costs the memory of old uploads, not the new ones.
    recallUploads().catch(() => undefined);
  }, []);
  return (
    <StudioPage
      title={t`Upload music`}
      intro={t`Everything stays a draft that only you can hear until you publish it.`}
    >
      {artists.isPending ? <RowsSkeleton rows={3} /> : null}
      {artists.isError ? <LoadFailed error={artists.error} retry={() => void artists.refetch()} /> : null}
      {artists.data ? <Uploader artists={artists.data} /> : null}
    </StudioPage>
  );
}

function Uploader({ artists }: { artists: readonly Artist[] }) {
  const { t } = useLingui();
  const [chosen, setChosen] = useState<string | null>(null);
  const [album, setAlbum] = useState(NO_ALBUM);
  const [making, setMaking] = useState<"artist" | "album" | null>(null);
  const artistId = chosen ?? artists[0]?.id ?? "";
  const albums = useQuery(albumsOfArtist(artistId)).data ?? [];
  const items = uploadStore((state) => state.items);
  const take = useTakeFiles(artistId, album);

  return (
    <>
      {artistId ? (
        <>
          <section className="grid gap-4 sm:grid-cols-2" aria-label={t`Where the music goes`}>
            <div className="flex items-end gap-2">
              <Select
                label={t`Artist`}
                className="min-w-0 flex-1"
                placeholder={t`Choose an artist profile`}
                value={artistId || null}
                onChange={(id) => {
                  setChosen(id);
                  setAlbum(NO_ALBUM);
                }}
                options={artists.map(({ id, name }) => ({ id, label: name }))}
              />
              <Button className="min-h-12" onPress={() => setMaking("artist")}>
                <Plus aria-hidden className="size-5" />
                <Trans>New</Trans>
                <span className="sr-only">{t`Artist`}</span>
              </Button>
            </div>
            <div className="flex items-end gap-2">
              <Select
                label={t`Album`}
                className="min-w-0 flex-1"
                value={album}
                onChange={setAlbum}
                options={[
                  { id: NO_ALBUM, label: t`No album` },
                  { id: FOLDERS, label: t`One album from each folder` },
                  ...albums.map(({ id, title }) => ({ id, label: title })),
                ]}
              />
              <Button className="min-h-12" onPress={() => setMaking("album")}>
                <Plus aria-hidden className="size-5" />
                <Trans>New</Trans>
                <span className="sr-only">{t`Album`}</span>
              </Button>
            </div>
          </section>
          <DropArea onFiles={take} compact={items.length > 0} />
          <Storage />
          {items.length > 0 ? <Queue items={items} /> : null}
        </>
      ) : (
        <EmptyState
          icon={<MicVocal />}
          title={t`First: who is the artist?`}
          actions={
            <Button variant="primary" onPress={() => setMaking("artist")}>
              {t`New artist profile`}
            </Button>
          }
        >
          {t`Music appears under an artist profile. You can have several of them.`}
        </EmptyState>
      )}
      {making === "artist" ? (
        <ArtistDialog
          onClose={() => setMaking(null)}
          onCreated={(artist) => {
            setChosen(artist.id);
            setMaking(null);
          }}
        />
      ) : null}
      {making === "album" && artistId ? (
        <AlbumDialog
          artistId={artistId}
          onClose={() => setMaking(null)}
          onCreated={(made) => {
            setAlbum(made.id);
            setMaking(null);
          }}
        />
      ) : null}
    </>
  );
}

/** Hands files over to the queue; an album of a folder is made when its first file is really sent. */
function useTakeFiles(artistId: string, album: string): (files: readonly PickedFile[]) => void {
  const client = useQueryClient();
  return useCallback(
    (files) => {
      const folders = new Set(files.map((picked) => (album === FOLDERS ? picked.folder : null)));
      for (const folder of folders) {
        const group = files.filter((picked) => album !== FOLDERS || picked.folder === folder);
        if (folder === null) {
          const target = album === NO_ALBUM || album === FOLDERS ? null : album;
          void addFiles(group, { artistId, album: () => Promise.resolve(target) });
          continue;
        }
        const cover = group.find((picked) => isCover(picked.file.name));
        let made: Promise<string> | null = null;
        const make = async (): Promise<string> => {
          const { id } = await createAlbum({ artist_id: artistId, title: folder });
          if (cover) await putAlbumCover(id, cover.file).catch(() => undefined);
          void client.invalidateQueries({ queryKey: ["studio"] });
          return id;
        };
        void addFiles(
          group.filter((picked) => picked !== cover),
          {
            artistId,
            album: () =>
              (made ??= make().catch((error: unknown) => {
                made = null;
                throw error;
              })),
          },
        );
      }
    },
    [artistId, album, client],
  );
}

function Storage() {
  const { t } = useLingui();
  const received = uploadStore((state) => state.items.filter((item) => item.status === "received").length);
  const { data: quota, refetch } = useQuery(quotaQuery);
  useEffect(() => {
    if (received > 0) void refetch();
  }, [received, refetch]);
  if (!quota) return null;
  const used = byteSize(quota.used_bytes);
  const whole = byteSize(quota.limit_bytes);
  const percent = quota.limit_bytes > 0 ? (quota.used_bytes * 100) / quota.limit_bytes : 100;
  return (
    <div className="flex flex-col gap-2">
      <p className="numbers text-sm text-muted">{t`${used} of ${whole} of your storage used`}</p>
      <ProgressBar label={t`Storage used`} value={percent} tone={percent > 90 ? "danger" : "accent"} />
    </div>
  );
}

function Queue({ items }: { items: readonly UploadItem[] }) {
  const { t } = useLingui();
  const sending = items.filter((item) => item.status === "sending" || item.status === "waiting");
  const paused = items.some((item) => item.status === "paused");
  const settled = items.some((item) => item.status === "refused" || item.progress?.status === "ready");
  return (
    <section className="flex flex-col gap-2" aria-label={t`Uploads`}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Summary items={items} />
        <div className="flex flex-wrap gap-2">
          {sending.length > 0 ? <Button size="sm" onPress={pauseAll}>{t`Pause all`}</Button> : null}
          {paused ? <Button size="sm" onPress={resumeAll}>{t`Continue all`}</Button> : null}
          {settled ? <Button size="sm" variant="ghost" onPress={clearSettled}>{t`Clear the finished`}</Button> : null}
        </div>
      </div>
      <ul className="flex flex-col">
        {items.map((item) => (
          <UploadRow key={item.key} item={item} />
        ))}
      </ul>
    </section>
  );
}

function Summary({ items }: { items: readonly UploadItem[] }) {
  const count = items.length;
  const done = items.filter((item) => item.status === "received").length;
  const travelling = items.filter((item) => item.status === "sending" || item.status === "waiting");
  const left = travelling.reduce((sum, item) => sum + item.size - item.sentBytes, 0);
  const speed = travelling.reduce((sum, item) => sum + item.bytesPerSecond, 0);
  const time = remainingMs(left, speed);
  const pace = byteSize(speed);
  const rest = time === null ? "" : spokenLength(Math.max(1000, time));
  return (
    <div className="flex flex-col gap-0.5">
      <h2 className="display text-lg">
        <Trans>
          {done} of <Plural value={count} one="# file" other="# files" /> uploaded
        </Trans>
      </h2>
      {time !== null && travelling.length > 0 ? (
        <p className="numbers text-sm text-muted">
          <Trans>
            {pace}/s, {rest} left
          </Trans>
        </p>
      ) : null}
    </div>
  );
}
