import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Copy, Music, SearchX, Upload } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import type { AlbumCard, Track } from "@/shared/api/types";
import { Button, buttonClasses } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { Select, TextField } from "@/shared/ui/fields";
import { Tabs } from "@/shared/ui/tabs";
import { toast } from "@/shared/ui/toast";

import { myAlbums, myTracks, publishTrack, refreshEverything } from "./api/queries";
import { AlbumGrid } from "./components/album-grid";
import { ArtistRow } from "./components/artist-row";
import { Checkbox } from "./components/checkbox";
import { mapPages, useLiveTracks } from "./components/live";
import { LoadFailed, RowsSkeleton, StudioPage } from "./components/page";
import { TrackRow } from "./components/track-row";
import { useAllPages } from "./components/use-all";
import { useWords } from "./components/words";
import { type Sort, matches, sorted } from "./model/listing";

export function MusicPage() {
  const { t } = useLingui();
  const [tab, setTab] = useState("tracks");
  const [search, setSearch] = useState("");
  const [sort, setSort] = useState<Sort>("newest");
  const tracks = useInfiniteQuery(myTracks);
  const albums = useInfiniteQuery(myAlbums);
  useAllPages(tracks);
  useAllPages(albums);
  const allTracks = useMemo(() => tracks.data?.pages.flatMap((page) => page.items) ?? [], [tracks.data]);
  const allAlbums = useMemo(() => albums.data?.pages.flatMap((page) => page.items) ?? [], [albums.data]);
  useLiveTracks(allTracks);
  const drafts = allTracks.filter((track) => !track.published);
  const found = <T extends Track | AlbumCard>(list: readonly T[]): T[] =>
    sorted(
      list.filter((one) => matches(one, search)),
      sort,
    );

  const upload = (
    <Link to="/studio/upload" className={buttonClasses("primary")}>
      <Upload aria-hidden className="size-5" />
      <Trans>Upload</Trans>
    </Link>
  );
  const list = (items: readonly Track[]) => (
    <TrackList tracks={found(items)} searching={search !== ""} upload={upload} />
  );
  const pending = tracks.isPending || albums.isPending;
  const error = tracks.error ?? albums.error;
  return (
    <StudioPage
      title={t`My music`}
      actions={
        <>
          <Link to="/keeping/doubles" className={buttonClasses()}>
            <Copy aria-hidden className="size-4" />
            {t`Possible doubles`}
          </Link>
          {upload}
        </>
      }
    >
      <ArtistRow />
      {pending ? <RowsSkeleton /> : null}
      {error && !pending ? (
        <LoadFailed error={error} retry={() => void Promise.all([tracks.refetch(), albums.refetch()])} />
      ) : null}
      {pending || error ? null : (
        <div className="flex flex-col gap-6">
          <Tools search={search} onSearch={setSearch} sort={sort} onSort={setSort} />
          <Tabs
            label={t`Kinds of music`}
            value={tab}
            onChange={setTab}
            items={[
              { id: "tracks", label: <Counted text={t`Tracks`} count={allTracks.length} />, content: list(allTracks) },
              {
                id: "albums",
                label: <Counted text={t`Albums`} count={allAlbums.length} />,
                content: <AlbumGrid albums={found(allAlbums)} searching={search !== ""} />,
              },
              { id: "drafts", label: <Counted text={t`Drafts`} count={drafts.length} />, content: list(drafts) },
            ]}
          />
        </div>
      )}
    </StudioPage>
  );
}

function Counted({ text, count }: { text: string; count: number }) {
  return (
    <>
      {text} <span className="numbers text-muted">{count}</span>
    </>
  );
}

type ToolsProps = { search: string; onSearch: (text: string) => void; sort: Sort; onSort: (sort: Sort) => void };

function Tools({ search, onSearch, sort, onSort }: ToolsProps) {
  const { t } = useLingui();
  return (
    <div className="grid gap-3 sm:grid-cols-[1fr_14rem]">
      <TextField
        label={t`Search in my music`}
        hideLabel
        type="search"
        placeholder={t`Search in my music`}
        value={search}
        onChange={onSearch}
        dir="auto"
      />
      <Select
        label={t`Sort by`}
        hideLabel
        value={sort}
        onChange={onSort}
        options={[
          { id: "newest", label: t`Newest first` },
          { id: "title", label: t`By title` },
          { id: "plays", label: t`Most played` },
        ]}
      />
    </div>
  );
}

type TrackListProps = { tracks: readonly Track[]; searching: boolean; upload: ReactNode };

function TrackList({ tracks, searching, upload }: TrackListProps) {
  const { t } = useLingui();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const publish = useBulkPublish(() => setSelected(new Set()));
  const publishable = tracks.filter(isPublishable);
  const chosen = publishable.filter((track) => selected.has(track.id));
  const count = chosen.length;

  if (tracks.length === 0) {
    return searching ? (
      <EmptyState icon={<SearchX />} title={t`Nothing found`}>
        <Trans>Try another word of the title, the artist or the album.</Trans>
      </EmptyState>
    ) : (
      <EmptyState icon={<Music />} title={t`Your music lives here`} actions={upload}>
        <Trans>Upload your first tracks: they are ready to play within seconds.</Trans>
      </EmptyState>
    );
  }
  const toggle = (id: string, on: boolean): void => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    setSelected(next);
  };
  return (
    <div className="flex flex-col">
      {publishable.length > 0 ? (
        <div className="flex min-h-14 flex-wrap items-center justify-between gap-3 border-b border-line">
          <Checkbox
            label={t`Choose all drafts that are ready`}
            checked={count > 0 && count === publishable.length}
            partly={count > 0 && count < publishable.length}
            onChange={(on) => setSelected(new Set(on ? publishable.map((track) => track.id) : []))}
          >
            <span className="text-sm font-semibold">
              <Trans>Choose all drafts that are ready</Trans>
            </span>
          </Checkbox>
          {count > 0 ? (
            <Button variant="primary" size="sm" isPending={publish.isPending} onPress={() => publish.mutate(chosen)}>
              <Plural value={count} one="Publish # track" other="Publish # tracks" />
            </Button>
          ) : null}
        </div>
      ) : null}
      <ul>
        {tracks.map((track) => (
          <TrackRow
            key={track.id}
            track={track}
            selectable={publishable.length > 0}
            selected={selected.has(track.id)}
            onSelect={isPublishable(track) ? (on) => toggle(track.id, on) : null}
          />
        ))}
      </ul>
    </div>
  );
}

const isPublishable = (track: Track): boolean => track.status === "ready" && !track.published;

/** Shows tracks as published at once; what the server refuses goes back and is said. */
function useBulkPublish(onDone: () => void) {
  const { t } = useLingui();
  const words = useWords();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (tracks: readonly Track[]) => {
      const ids = new Set(tracks.map((track) => track.id));
      client.setQueryData(
        myTracks.queryKey,
        (pages) => pages && mapPages(pages, (track) => (ids.has(track.id) ? { ...track, published: true } : track)),
      );
      const answers = await Promise.allSettled(tracks.map((track) => publishTrack(track.id)));
      return answers.filter((answer) => answer.status === "rejected").map((answer) => answer.reason as unknown);
    },
    onSuccess: (failures, tracks) => {
      const failed = failures.length;
      const reason = failed > 0 ? words.failure(failures[0]) : "";
      if (failed > 0) toast(t`${failed} could not be published. ${reason}`, "error");
      else toast(tracks.length === 1 ? t`Published` : t`All published`, "success");
    },
    onSettled: () => {
      onDone();
      void refreshEverything();
    },
  });
}
