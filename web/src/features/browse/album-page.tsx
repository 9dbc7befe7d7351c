import { Plural, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Disc3, Pencil } from "lucide-react";
import type { Album, Track } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { decimal, preciseDate, spokenLength } from "@/shared/lib/format";
import { useTitle } from "@/shared/lib/title";
import { buttonClasses } from "@/shared/ui/button";
import { Cover, coverColour } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";
import { albumQuery } from "./api/queries";
import { ChooseButton, Choosing, trackChoice, useChoosing, useMayKeep } from "./choosing/choosing";
import { useAlbumKinds } from "./components/album-kinds";
import { LikeButton } from "./components/like-button";
import { PageHeader, pagePadding } from "./components/page";
import { PlayAll } from "./components/play-all";
import { Failed, HeaderSkeleton, Loading, RowsSkeleton } from "./components/states";
import { ExplicitMark, TrackList } from "./components/track-list";

function byDisc(tracks: readonly Track[]): [number, Track[]][] {
  const discs = new Map<number, Track[]>();
  for (const track of tracks) {
    const disc = track.disc_number ?? 1;
    discs.set(disc, [...(discs.get(disc) ?? []), track]);
  }
  return [...discs].sort(([a], [b]) => a - b);
}

function Facts({ album }: { album: Album }) {
  const { t } = useLingui();
  const measured = album.loudness?.integrated_lufs;
  const lufs = measured == null ? null : decimal(measured);
  const facts = [
    album.release_date ? [t`Released`, preciseDate(album.release_date, album.release_precision)] : null,
    album.original_date && album.original_date !== album.release_date
      ? [t`First released`, preciseDate(album.original_date, album.original_precision)]
      : null,
    album.edition ? [t`Edition`, album.edition] : null,
    album.label ? [t`Label`, album.label] : null,
    album.catalog_number ? [t`Catalogue number`, album.catalog_number] : null,
    album.upc ? [t`UPC`, album.upc] : null,
    lufs === null ? null : [t`Loudness`, t`${lufs} LUFS`],
  ].filter((fact) => fact !== null);
  return (
    <footer className={cx("grid gap-10 pt-12 md:grid-cols-[2fr_1fr]", pagePadding)}>
      {album.description ? (
        <p className="max-w-prose whitespace-pre-line text-muted" dir="auto">
          {album.description}
        </p>
      ) : (
        <div className="max-md:hidden" />
      )}
      <dl className="grid h-fit grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="numbers">{value}</dd>
          </div>
        ))}
      </dl>
    </footer>
  );
}

/** All whose album it is, in their order and joined as the sleeve has it. */
function Performers({ album }: { album: Album }) {
  const performers = album.artists.length > 0 ? album.artists : [{ ...album.artist, joined_by: "" }];
  return (
    <span dir="auto">
      {performers.map(({ id, name, joined_by }, place) => (
        <span key={id}>
          <Link
            to="/artists/$artistId"
            params={{ artistId: id }}
            className="rounded-sm font-semibold text-ink hover:underline"
          >
            {name}
          </Link>
          {place < performers.length - 1 ? joined_by || ", " : null}
        </span>
      ))}
    </span>
  );
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
        style={coverColour(album.cover)}
        picture={
          <Cover
            image={album.cover}
            alt=""
            seed={album.id}
            eager
            sizes="(min-width: 1024px) 256px, 208px"
            className="w-52 shrink-0 rounded-lg shadow-lift lg:w-64"
          />
        }
        eyebrow={
          <span className="flex items-center gap-2">
            {kinds[album.album_kind]}
            {album.explicit ? <ExplicitMark /> : null}
            {album.published ? null : (
              <span className="rounded-sm bg-warning-soft px-2 py-0.5 text-warning">{t`Draft`}</span>
            )}
          </span>
        }
        title={album.title}
        actions={
          <>
            <PlayAll tracks={ordered} />
            <LikeButton id={album.id} name={album.title} size="lg" />
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
          <Performers album={album} />
          <span aria-hidden>·</span>
          <span>
            <Plural value={album.tracks.length} one="# track" other="# tracks" />
          </span>
          <span aria-hidden>·</span>
          <span>{spokenLength(album.duration_ms)}</span>
        </p>
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
      <Facts album={album} />
    </article>
  );
}

export function AlbumPage() {
  const { albumId } = useParams({ from: "/albums/$albumId" });
  const album = useQuery(albumQuery(albumId));
  useTitle(album.data ? `${album.data.title} – ${album.data.artist.name}` : undefined);
  if (album.data) return <Content album={album.data} />;
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
