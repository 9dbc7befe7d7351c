import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { ListMusic } from "lucide-react";
import type { Playlist } from "@/shared/api/types";
import { EmptyState } from "@/shared/ui/empty-state";
import { ShowMore } from "@/shared/ui/show-more";
import { CardsSkeleton, Failed, Loading } from "@/features/browse/components/states";
import { PlaylistCards } from "./playlist-card";

type Props = {
  query: UseInfiniteQueryResult<InfiniteData<{ items: Playlist[] }>>;
  withOwner: boolean;
  empty: { title: string; words: string };
};

/** Playlists as cards, a page at a time, and what stands there while there are none. */
export function PlaylistPages({ query, withOwner, empty }: Props) {
  if (query.isLoadingError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.isPending) {
    return (
      <Loading>
        <CardsSkeleton />
      </Loading>
    );
  }
  const playlists = query.data.pages.flatMap((page) => page.items);
  if (playlists.length === 0) {
    return (
      <EmptyState icon={<ListMusic />} title={empty.title}>
        {empty.words}
      </EmptyState>
    );
  }
  return (
    <>
      <PlaylistCards playlists={playlists} withOwner={withOwner} />
      <ShowMore pages={query} />
    </>
  );
}
