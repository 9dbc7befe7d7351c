import { Plural, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BookmarkCheck, BookmarkPlus, CalendarClock } from "lucide-react";
import { useEffect } from "react";
import type { Announcement } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { dateAndTime } from "@/shared/lib/format";
import { useTitle } from "@/shared/lib/title";
import { Button, buttonClasses } from "@/shared/ui/button";
import { useCoverColour } from "@/shared/ui/cover";
import { useAlbumKinds } from "@/features/browse/components/album-kinds";
import { PageCover, PageHeader, pagePadding } from "@/features/browse/components/page";
import { Failed, HeaderSkeleton, Loading } from "@/features/browse/components/states";
import { ExplicitMark } from "@/features/browse/components/track-list";
import { announcementQuery, usePreSave } from "./announced-queries";

function PreSaveButton({ id }: { id: string }) {
  const { t } = useLingui();
  const preSave = usePreSave(id);
  if (preSave === null) {
    return (
      <Link to="/sign-in" search={{ next: `/albums/${id}` }} className={buttonClasses("primary", "lg")}>
        {t`Sign in to pre-save`}
      </Link>
    );
  }
  return preSave.saved ? (
    <Button size="lg" aria-label={t`Pre-saved. Press to take it back`} onPress={preSave.toggle}>
      <BookmarkCheck aria-hidden className="size-5 text-accent-text" />
      {t`Pre-saved`}
    </Button>
  ) : (
    <Button size="lg" variant="primary" onPress={preSave.toggle}>
      <BookmarkPlus aria-hidden className="size-5" />
      {t`Pre-save`}
    </Button>
  );
}

function Titles({ album }: { album: Announcement }) {
  const { t } = useLingui();
  const discs = [...new Set(album.tracks.map((track) => track.disc_number ?? 1))];
  return discs.map((disc) => (
    <section key={disc} className="flex flex-col gap-2">
      {discs.length > 1 ? <h2 className="text-base font-semibold text-muted">{t`Disc ${disc}`}</h2> : null}
      <ol aria-label={discs.length > 1 ? t`Tracks of disc ${disc}` : t`Tracks`} className="flex flex-col">
        {album.tracks
          .filter((track) => (track.disc_number ?? 1) === disc)
          .map((track, place) => (
            <li key={place} className="flex min-h-12 items-center gap-4 border-b border-line px-2 last:border-0">
              <span className="w-6 text-end text-muted tabular-nums">{track.track_number ?? place + 1}</span>
              <span dir="auto" className="min-w-0 flex-1 break-words">
                {track.title}
                {track.version_title ? <span className="text-muted"> ({track.version_title})</span> : null}
              </span>
              {track.explicit ? <ExplicitMark /> : null}
            </li>
          ))}
      </ol>
    </section>
  ));
}

function Content({ album }: { album: Announcement }) {
  const { t } = useLingui();
  const kinds = useAlbumKinds();
  const when = dateAndTime(album.release_at);
  const late = Date.parse(album.release_at) < Date.now();
  return (
    <article>
      <PageHeader
        style={useCoverColour(album.cover, album.id)}
        picture={<PageCover image={album.cover} seed={album.id} />}
        eyebrow={
          <span className="flex items-center gap-2">
            {kinds[album.album_kind]}
            {album.explicit ? <ExplicitMark /> : null}
            <span className="rounded-sm bg-accent-soft px-2 py-0.5 text-accent-text">{t`Announced`}</span>
          </span>
        }
        title={album.title}
        actions={<PreSaveButton id={album.id} />}
      >
        <p className="flex flex-wrap items-center gap-x-2 text-muted">
          <Link
            to="/artists/$artistId"
            params={{ artistId: album.artist.id }}
            className="font-semibold text-ink hover:underline"
          >
            <bdi>{album.artist.name}</bdi>
          </Link>
          {album.track_count > 0 ? (
            <>
              <span aria-hidden>·</span>
              <span>
                <Plural value={album.track_count} one="# track" other="# tracks" />
              </span>
            </>
          ) : null}
        </p>
        <p className="flex items-center gap-2 font-semibold" role="status">
          <CalendarClock aria-hidden className="size-5 shrink-0" />
          {late ? t`It was to come out on ${when}, and will as soon as it is ready.` : t`Comes out on ${when}.`}
        </p>
      </PageHeader>
      <div className={cx("flex flex-col gap-6", pagePadding)}>
        <p className="text-muted">
          {t`It cannot be played yet. Pre-save it, and it is among what you like as soon as it is out.`}
        </p>
        <Titles album={album} />
      </div>
    </article>
  );
}

/** In place of an album that is not public: what is announced of it, or the plain word that it is not here. */
export function AnnouncedPage({ id, failure, askAlbum }: { id: string; failure: Error; askAlbum: () => void }) {
  const found = useQuery(announcementQuery(id));
  useTitle(found.data ? `${found.data.title} – ${found.data.artist.name}` : undefined);
  const over = found.isError && found.data !== undefined;
  // It was announced a moment ago and is not any more: most likely it is out.
  useEffect(() => {
    if (over) askAlbum();
  }, [over, askAlbum]);
  if (found.isError) {
    const retry = () => {
      void found.refetch();
      askAlbum();
    };
    return <Failed heading="h1" error={failure} retry={retry} />;
  }
  if (found.data) return <Content album={found.data} />;
  return (
    <Loading>
      <HeaderSkeleton />
    </Loading>
  );
}
