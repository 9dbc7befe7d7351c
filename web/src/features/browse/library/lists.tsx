import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Disc3, FolderTree, MicVocal, Music2 } from "lucide-react";
import type { ReactNode } from "react";
import { player, queueItemFromTrack } from "@/player";
import { AlbumCard, ArtistCard } from "@/features/browse/components/cards";
import { Failed, Loading, RowsSkeleton } from "@/features/browse/components/states";
import { TrackRow } from "@/features/browse/components/track-list";
import {
  albumChoice,
  artistChoice,
  ChooseButton,
  Choosing,
  trackChoice,
  useChoosing,
} from "@/features/browse/choosing/choosing";
import type { Track } from "@/shared/api/types";
import { EmptyState } from "@/shared/ui/empty-state";
import type { Filters, Look, Order } from "./address";
import { Endless } from "./endless";
import { FolderLink } from "./folder-link";
import { albumsQuery, artistsQuery, rootsQuery, tracksQuery } from "./queries";
import { AlbumRow, ArtistRow } from "./rows";

const ROW = 64;
const lines = () => ({ columns: 1, height: ROW });

/** Cards as wide as their column, with two lines below the picture. Widths in pixels. */
function cards(width: number) {
  const columns = width < 560 ? 2 : width < 800 ? 3 : width < 1100 ? 4 : 6;
  const gap = width < 560 ? 16 : 24;
  return { columns, height: Math.ceil(((width || 1000) - gap * (columns - 1)) / columns) + 96 };
}

type Query<T> = {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  data: { pages: readonly { items: T[] }[] } | undefined;
  refetch: () => unknown;
};

/** What stands there while nothing does; else what was found. */
function Found<T>({
  query,
  empty,
  children,
}: {
  query: Query<T>;
  empty: ReactNode;
  children: (items: T[]) => ReactNode;
}) {
  if (query.isPending) {
    return (
      <Loading>
        <RowsSkeleton rows={12} />
      </Loading>
    );
  }
  if (!query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const items = query.data.pages.flatMap((page) => page.items);
  return items.length === 0 ? empty : children(items);
}

function Nothing({ icon }: { icon: ReactNode }) {
  const { t } = useLingui();
  return (
    <EmptyState icon={icon} title={t`Nothing is here`}>
      {t`Try another letter, or fewer filters.`}
    </EmptyState>
  );
}

export function Albums({ sort, filters, look }: { sort: Order; filters: Filters; look: Look }) {
  const { t } = useLingui();
  const choosing = useChoosing("album");
  const query = useInfiniteQuery(albumsQuery(sort, filters));
  return (
    <Found query={query} empty={<Nothing icon={<Disc3 />} />}>
      {(albums) =>
        choosing ? (
          <Choosing label={t`Albums`} kind="album" items={albums.map(albumChoice)} more={query} />
        ) : (
          <>
            <ChooseButton kind="album" items={albums} />
            <Endless
              key={look}
              label={t`Albums`}
              items={albums}
              more={query}
              shape={look === "grid" ? cards : lines}
              render={(album) =>
                look === "grid" ? (
                  <li key={album.id} className="min-w-0">
                    <AlbumCard album={album} />
                  </li>
                ) : (
                  <AlbumRow key={album.id} album={album} />
                )
              }
            />
          </>
        )
      }
    </Found>
  );
}

export function Artists({ sort, from, look }: { sort: Order; from: string | undefined; look: Look }) {
  const { t } = useLingui();
  const choosing = useChoosing("artist");
  const query = useInfiniteQuery(artistsQuery(sort, from));
  return (
    <Found query={query} empty={<Nothing icon={<MicVocal />} />}>
      {(artists) =>
        choosing ? (
          <Choosing label={t`Artists`} kind="artist" items={artists.map(artistChoice)} more={query} />
        ) : (
          <>
            <ChooseButton kind="artist" items={artists} />
            <Endless
              key={look}
              label={t`Artists`}
              items={artists}
              more={query}
              shape={look === "grid" ? cards : lines}
              render={(artist) =>
                look === "grid" ? (
                  <li key={artist.id} className="min-w-0">
                    <ArtistCard artist={artist} />
                  </li>
                ) : (
                  <ArtistRow key={artist.id} artist={artist} />
                )
              }
            />
          </>
        )
      }
    </Found>
  );
}

function playFrom(tracks: readonly Track[], track: Track): void {
  const playable = tracks.filter((one) => one.playable);
  const place = playable.findIndex((one) => one.id === track.id);
  player.playNow(playable.map(queueItemFromTrack), Math.max(0, place));
}

export function Tracks({ sort, filters }: { sort: Order; filters: Filters }) {
  const { t } = useLingui();
  const choosing = useChoosing("track");
  const query = useInfiniteQuery(tracksQuery(sort, filters));
  return (
    <Found query={query} empty={<Nothing icon={<Music2 />} />}>
      {(tracks) =>
        choosing ? (
          <Choosing label={t`Tracks`} kind="track" items={tracks.map(trackChoice)} more={query} />
        ) : (
          <>
            <ChooseButton kind="track" items={tracks} />
            <Endless
              label={t`Tracks`}
              items={tracks}
              more={query}
              shape={lines}
              render={(track) => (
                <TrackRow
                  key={track.id}
                  track={track}
                  showCover
                  showArtist
                  showAlbum
                  showPlays
                  play={() => playFrom(tracks, track)}
                />
              )}
            />
          </>
        )
      }
    </Found>
  );
}

/** The libraries, as the folders that one begins to walk in. */
export function Roots() {
  const { t } = useLingui();
  const roots = useQuery(rootsQuery);
  if (roots.isPending) {
    return (
      <Loading>
        <RowsSkeleton rows={4} />
      </Loading>
    );
  }
  if (roots.isError) return <Failed error={roots.error} retry={() => void roots.refetch()} />;
  if (roots.data.length === 0) {
    return (
      <EmptyState icon={<FolderTree />} title={t`No folders yet`}>
        {t`The folders of the libraries that you may hear stand here once they are scanned.`}
      </EmptyState>
    );
  }
  return (
    <ul aria-label={t`Folders`} className="flex flex-col">
      {roots.data.map((folder) => (
        <FolderLink key={folder.id} folder={folder} />
      ))}
    </ul>
  );
}
