import { Plural, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Disc3, Pencil } from "lucide-react";
import { useCallback } from "react";
import { isNotFound } from "@/shared/api/errors";
import type { Album, Track } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { spokenLength, year } from "@/shared/lib/format";
import { useTitle } from "@/shared/lib/title";
import { buttonClasses } from "@/shared/ui/button";
import { useCoverColour } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";
import { albumQuery } from "./api/queries";
import { ChooseButton, Choosing, trackChoice, useChoosing, useMayKeep } from "./choosing/choosing";
import { useAlbumKinds } from "./components/album-kinds";
import { LikeButton } from "./components/like-button";
import { NotHeard } from "./components/not-heard";
import { PageCover, PageHeader, pagePadding } from "./components/page";
import { Performers } from "./components/performers";
import { PlayAll } from "./components/play-all";
import { Failed, HeaderSkeleton, Loading, RowsSkeleton } from "./components/states";
import { Stars } from "./components/stars";
import { ShareButton } from "./components/share-button";
import { ExplicitMark, TrackList } from "./components/track-list";
import { AlbumFacts } from "./works/album-facts";
import { AnnouncedPage } from "./works/announced-page";

function byDisc(tracks: readonly Track[]): [number, Track[]][] {
  const discs = new Map<number, Track[]>();
  for (const track of tracks) {
    const disc = track.disc_number ?? 1;
    discs.set(disc, [...(discs.get(disc) ?? []), track]);
  }
  return [...discs].sort(([a], [b]) => a - b);
}

function Content({ album }: { album: Album }) {
  const { t } = useLingui();
  const may = useMayKeep([album]);
  const kinds = useAlbumKinds();
  const discs = byDisc(album.tracks);
  const ordered = discs.flatMap(([, tracks]) => tracks);
  const choosing = useChoosing("track");
  const sole = ordered.every((track) => track.artist.id === album.artist.id);
  return (
    <article>
      <PageHeader
        style={useCoverColour(album.cover, album.id)}
        picture={<PageCover image={album.cover} seed={album.id} />}
        eyebrow={
          <span className="flex items-center gap-2">
            {kinds[album.album_kind]}
            {album.edition ? <bdi>{album.edition}</bdi> : null}
            {album.explicit ? <ExplicitMark /> : null}
            {album.published ? null : (
              <span className="rounded-sm bg-warning-soft px-2 py-0.5 text-warning">
                {album.announced ? t`Announced` : t`Draft`}
              </span>
            )}
          </span>
        }
        title={album.title}
        actions={
          <>
            <PlayAll tracks={ordered} from={{ id: album.id, title: album.title }} />
            <LikeButton id={album.id} name={album.title} size="lg" />
            <Stars id={album.id} name={album.title} />
            {album.published ? <ShareButton id={album.id} name={album.title} /> : null}
            {may ? (
              <Link
                to="/studio/albums/$albumId"
                params={{ albumId: album.id }}
                className={buttonClasses("secondary", "lg")}
              >
                <Pencil aria-hidden className="size-4" />
                {t`Edit`}
              </Link>
            ) : null}
          </>
        }
      >
        <p className="flex flex-wrap items-center gap-x-2 text-muted">
          <Performers work={album} className="font-semibold text-ink" />
          {album.release_date ? (
            <>
              <span aria-hidden>·</span>
              <span>{year(album.release_date)}</span>
            </>
          ) : null}
          <span aria-hidden>·</span>
          <span>
            <Plural value={album.tracks.length} one="# track" other="# tracks" />
          </span>
          <span aria-hidden>·</span>
          <span>{spokenLength(album.duration_ms)}</span>
        </p>
        <NotHeard work={album} />
      </PageHeader>

      <div className={cx("flex flex-col gap-8", pagePadding)}>
        <ChooseButton kind="track" items={ordered} />
        {choosing ? <Choosing label={t`Tracks`} kind="track" items={ordered.map(trackChoice)} /> : null}
        {(choosing ? [] : discs).map(([disc, tracks]) => (
          <section key={disc} className="flex flex-col gap-2">
            {discs.length > 1 ? (
              <h2 className="flex items-center gap-2.5 text-base font-semibold text-muted">
                <Disc3 aria-hidden className="size-5" />
                {t`Disc ${disc}`}
                {album.disc_titles[disc] ? <bdi className="text-ink">{album.disc_titles[disc]}</bdi> : null}
              </h2>
            ) : null}
            <TrackList
              label={discs.length > 1 ? t`Tracks of disc ${disc}` : t`Tracks`}
              tracks={tracks}
              queue={ordered}
              numbering="track"
              showArtist={!sole}
              showPlays
            />
          </section>
        ))}
        {ordered.length === 0 ? <EmptyState icon={<Disc3 />} title={t`No tracks yet`} /> : null}
      </div>
      <AlbumFacts album={album} />
    </article>
  );
}

export function AlbumPage() {
  const { albumId } = useParams({ from: "/albums/$albumId" });
  const album = useQuery(albumQuery(albumId));
  useTitle(album.data ? `${album.data.title} – ${album.data.artist.name}` : undefined);
  const ask = album.refetch;
  const askAlbum = useCallback(() => void ask(), [ask]);
  if (album.data) return <Content album={album.data} />;
  if (isNotFound(album.error)) return <AnnouncedPage id={albumId} failure={album.error} askAlbum={askAlbum} />;
  if (album.isError) return <Failed heading="h1" error={album.error} retry={() => void album.refetch()} />;
  return (
    <Loading>
      <HeaderSkeleton />
      <div className="p-8">
        <RowsSkeleton />
      </div>
    </Loading>
  );
}
