import { Plural, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Music2, Pencil } from "lucide-react";
import { useState } from "react";
import type { Artist, FullArtist } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { compactCount } from "@/shared/lib/format";
import { useTitle } from "@/shared/lib/title";
import { buttonClasses } from "@/shared/ui/button";
import { Cover, useCoverColour } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";
import { ShowMore } from "@/shared/ui/show-more";
import { artistAlbumsQuery, artistQuery, artistTracksQuery } from "./api/queries";
import { useMayKeep } from "./choosing/choosing";
import { LikeButton } from "./components/like-button";
import { PageHeader, pagePadding, Section } from "./components/page";
import { PlayAll } from "./components/play-all";
import { Stars } from "./components/stars";
import { CardsSkeleton, Failed, HeaderSkeleton, Loading, RowsSkeleton } from "./components/states";
import { TrackList } from "./components/track-list";
import { ComingSoon } from "./works/announced-lists";
import { ArtistAbout } from "./works/artist-about";
import { Appearances, Discography } from "./works/discography";

const FIRST_TRACKS = 6;
/** Fewer played tracks than this make no chart. */
const CHART_AT_LEAST = 3;

function Popular({ artist }: { artist: Artist }) {
  const { t } = useLingui();
  const played =
    useInfiniteQuery(artistTracksQuery(artist.id, "popular")).data?.pages.flatMap((page) => page.items) ?? [];
  if (played.length < CHART_AT_LEAST) return null;
  return (
    <Section title={t`Popular`}>
      <TrackList
        label={t`Popular tracks`}
        tracks={played.slice(0, FIRST_TRACKS)}
        queue={played}
        showArtist={false}
        showAlbum
        showPlays
      />
    </Section>
  );
}

function Music({ artist }: { artist: Artist }) {
  const { t } = useLingui();
  const tracks = useInfiniteQuery(artistTracksQuery(artist.id, "newest"));
  const albums = useInfiniteQuery(artistAlbumsQuery(artist.id));
  const [all, setAll] = useState(false);
  const trackItems = tracks.data?.pages.flatMap((page) => page.items) ?? [];
  const albumItems = albums.data?.pages.flatMap((page) => page.items) ?? [];

  if (tracks.isLoadingError) return <Failed error={tracks.error} retry={() => void tracks.refetch()} />;
  if (albums.isLoadingError) return <Failed error={albums.error} retry={() => void albums.refetch()} />;
  if (tracks.isPending || albums.isPending) {
    return (
      <Loading>
        <div className={cx("flex flex-col gap-12", pagePadding)}>
          <RowsSkeleton rows={5} />
          <CardsSkeleton />
        </div>
      </Loading>
    );
  }
  if (trackItems.length + albumItems.length === 0) {
    return (
      <EmptyState
        icon={<Music2 />}
        title={t`No music yet`}
      >{t`What this artist publishes will stand here.`}</EmptyState>
    );
  }
  // What came already is shown first.
  const folded = { ...tracks, hasNextPage: trackItems.length > FIRST_TRACKS, fetchNextPage: () => setAll(true) };
  return (
    <div className="flex flex-col gap-14">
      <Popular artist={artist} />
      <Discography albums={albumItems} more={albums} />
      <Appearances artistId={artist.id} />
      {trackItems.length > 0 ? (
        <Section title={t`Tracks`}>
          <TrackList
            label={t`Tracks`}
            tracks={all ? trackItems : trackItems.slice(0, FIRST_TRACKS)}
            queue={trackItems}
            showArtist={false}
            showAlbum
            showPlays
          />
          <ShowMore pages={all ? tracks : folded} />
        </Section>
      ) : null}
    </div>
  );
}

function useArtistKinds(): Record<FullArtist["artist_kind"], string> {
  const { t } = useLingui();
  return {
    "": t`Artist`,
    person: t`Artist`,
    group: t`Group`,
    orchestra: t`Orchestra`,
    choir: t`Choir`,
    character: t`Character`,
    other: t`Artist`,
  };
}

function Content({ artist }: { artist: FullArtist }) {
  const { t } = useLingui();
  const may = useMayKeep([artist]);
  const tracks = useInfiniteQuery(artistTracksQuery(artist.id, "newest"));
  const plays = compactCount(artist.stats.plays);
  const kinds = useArtistKinds();
  const first = tracks.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <article>
      <PageHeader
        style={useCoverColour(artist.image, artist.id)}
        picture={
          <Cover
            image={artist.image}
            alt=""
            seed={artist.id}
            shape="round"
            eager
            sizes="(min-width: 1024px) 224px, 192px"
            className="w-48 shrink-0 shadow-lift lg:w-56"
          />
        }
        eyebrow={kinds[artist.artist_kind]}
        title={artist.name}
        actions={
          <>
            {first.length > 0 ? <PlayAll tracks={first} /> : null}
            <LikeButton id={artist.id} name={artist.name} size="lg" />
            <Stars id={artist.id} name={artist.name} />
            {may ? (
              <Link
                to="/studio/artists/$artistId"
                params={{ artistId: artist.id }}
                className={buttonClasses("secondary", "lg")}
              >
                <Pencil aria-hidden className="size-4" />
                {t`Edit`}
              </Link>
            ) : null}
          </>
        }
      >
        {artist.disambiguation ? (
          <p className="text-muted" dir="auto">
            {artist.disambiguation}
          </p>
        ) : null}
        <p className="flex flex-wrap gap-x-2 text-muted">
          <span>
            <Plural value={artist.stats.tracks} one="# track" other="# tracks" />
          </span>
          <span aria-hidden>·</span>
          <span>{t`Played: ${plays}`}</span>
        </p>
      </PageHeader>
      <ComingSoon artistId={artist.id} />
      <Music artist={artist} />
      <ArtistAbout artist={artist} />
    </article>
  );
}

export function ArtistPage() {
  const { artistId } = useParams({ from: "/artists/$artistId" });
  const artist = useQuery(artistQuery(artistId));
  useTitle(artist.data?.name);
  if (artist.data) return <Content key={artist.data.id} artist={artist.data} />;
  if (artist.isError) return <Failed heading="h1" error={artist.error} retry={() => void artist.refetch()} />;
  return (
    <Loading>
      <HeaderSkeleton round />
      <div className="p-8">
        <RowsSkeleton />
      </div>
    </Loading>
  );
}
