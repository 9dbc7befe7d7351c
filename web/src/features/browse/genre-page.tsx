import { Plural, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Music2 } from "lucide-react";
import { useTitle } from "@/shared/lib/title";
import { seedColour } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";
import { ShowMore } from "@/shared/ui/show-more";
import { genresQuery, genreTracksQuery } from "./api/queries";
import { PageHeader, pagePadding } from "./components/page";
import { PlayAll } from "./components/play-all";
import { Failed, HeaderSkeleton, Loading, RowsSkeleton } from "./components/states";
import { TrackList } from "./components/track-list";

export function GenrePage() {
  const { t } = useLingui();
  const { genreId } = useParams({ from: "/genres/$genreId" });
  const genres = useQuery(genresQuery);
  const tracks = useInfiniteQuery(genreTracksQuery(genreId));
  const items = tracks.data?.pages.flatMap((page) => page.items) ?? [];
  const genre =
    genres.data?.items.find((one) => one.id === genreId) ??
    items.flatMap((track) => track.genres).find((one) => one.id === genreId);
  useTitle(genre?.name);

  if (tracks.isLoadingError) return <Failed heading="h1" error={tracks.error} retry={() => void tracks.refetch()} />;
  if (tracks.isPending || genres.isPending) {
    return (
      <Loading>
        <HeaderSkeleton />
        <div className="p-8">
          <RowsSkeleton />
        </div>
      </Loading>
    );
  }
  return (
    <article>
      <PageHeader
        style={seedColour(genreId)}
        picture={null}
        eyebrow={t`Genre`}
        title={genre?.name ?? t`Genre`}
        actions={items.length > 0 ? <PlayAll tracks={items} /> : null}
      >
        <p className="text-muted">
          <Plural value={genre?.tracks ?? items.length} one="# track" other="# tracks" />
        </p>
      </PageHeader>
      {items.length > 0 ? (
        <div className={pagePadding}>
          <TrackList label={t`Tracks`} tracks={items} showAlbum showPlays />
          <ShowMore pages={tracks} className="mt-6" />
        </div>
      ) : (
        <EmptyState icon={<Music2 />} title={t`No music yet`}>
          {t`What is published in this genre will stand here.`}
        </EmptyState>
      )}
    </article>
  );
}
