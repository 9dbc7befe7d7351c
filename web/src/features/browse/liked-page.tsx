import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Heart } from "lucide-react";
import type { Like } from "@/shared/api/types";
import { useTitle } from "@/shared/lib/title";
import { seedColour } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";
import { ShowMore } from "@/shared/ui/show-more";
import { likesQuery } from "./api/likes";
import { AlbumCard, ArtistCard, CardGrid } from "./components/cards";
import { PageHeader, Section } from "./components/page";
import { PlayAll } from "./components/play-all";
import { Failed, Loading, RowsSkeleton } from "./components/states";
import { TrackList } from "./components/track-list";
import { PreSaved } from "./works/announced-lists";

const present = <T,>(value: T | null): value is T => value !== null;

function useLikes(kind: Like["kind"]) {
  const likes = useInfiniteQuery(likesQuery(kind));
  return { likes, items: likes.data?.pages.flatMap((page) => page.items) ?? [] };
}

/** What the person likes, each kind with what they liked last first. */
export function LikedPage() {
  const { t } = useLingui();
  useTitle(t`Liked`);
  const { likes: tracks, items: trackLikes } = useLikes("track");
  const { likes: albums, items: albumLikes } = useLikes("album");
  const { likes: artists, items: artistLikes } = useLikes("artist");
  const failed = [tracks, albums, artists].find((likes) => likes.isLoadingError);
  if (failed?.error) {
    return <Failed heading="h1" error={failed.error} retry={() => void failed.refetch()} />;
  }
  if (tracks.isPending || albums.isPending || artists.isPending) {
    return (
      <Loading>
        <div className="p-8">
          <RowsSkeleton />
        </div>
      </Loading>
    );
  }
  const seenTracks = trackLikes.map((like) => like.track).filter(present);
  const seenAlbums = albumLikes.map((like) => like.album).filter(present);
  const seenArtists = artistLikes.map((like) => like.artist).filter(present);
  return (
    <article className="flex flex-col gap-14">
      <PageHeader
        style={seedColour("liked")}
        picture={null}
        eyebrow={t`Your music`}
        title={t`Liked`}
        actions={seenTracks.length > 0 ? <PlayAll tracks={seenTracks} /> : null}
      />
      <PreSaved />
      {seenTracks.length > 0 ? (
        <Section title={t`Tracks`}>
          <TrackList label={t`Tracks`} tracks={seenTracks} showAlbum />
          <ShowMore pages={tracks} />
        </Section>
      ) : null}
      {seenAlbums.length > 0 ? (
        <Section title={t`Albums`}>
          <CardGrid>
            {seenAlbums.map((album) => (
              <AlbumCard key={album.id} album={album} />
            ))}
          </CardGrid>
          <ShowMore pages={albums} />
        </Section>
      ) : null}
      {seenArtists.length > 0 ? (
        <Section title={t`Artists`}>
          <CardGrid>
            {seenArtists.map((artist) => (
              <ArtistCard key={artist.id} artist={artist} />
            ))}
          </CardGrid>
          <ShowMore pages={artists} />
        </Section>
      ) : null}
      {seenTracks.length + seenAlbums.length + seenArtists.length === 0 ? (
        <EmptyState
          icon={<Heart />}
          title={t`Nothing liked yet`}
        >{t`Press the heart of a track, an album or an artist, and it will stand here.`}</EmptyState>
      ) : null}
    </article>
  );
}
