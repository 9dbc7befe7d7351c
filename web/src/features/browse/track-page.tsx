import { Plural, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import { Suspense } from "react";
import { player, queueItemFromTrack, usePlayer, usePosition, Waveform } from "@/player";
import type { Track } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { clockTime, count, longDate } from "@/shared/lib/format";
import { useTitle } from "@/shared/lib/title";
import { buttonClasses } from "@/shared/ui/button";
import { Cover, coverColour } from "@/shared/ui/cover";
import { ProgressBar, Skeleton } from "@/shared/ui/progress";
import { trackQuery, waveformQuery } from "./api/queries";
import { useMayKeep } from "./choosing/choosing";
import { LikeButton } from "./components/like-button";
import { PageHeader, pagePadding } from "./components/page";
import { PlayAll } from "./components/play-all";
import { Failed, HeaderSkeleton, Loading } from "./components/states";
import { ExplicitMark, TrackMenu } from "./components/track-list";
import { LyricsPane } from "./lyrics/load";

function Shape({ track }: { track: Track }) {
  const { t } = useLingui();
  const waveform = useQuery({ ...waveformQuery(track.id), enabled: track.status === "ready" });
  const current = usePlayer((state) => state.queue[state.index]?.trackId === track.id);
  const position = usePosition();
  const duration = track.duration_ms ?? waveform.data?.duration_ms ?? 0;
  if (waveform.isError || waveform.data === null) return null;
  const seek = (fraction: number) => {
    if (!current) player.playNow([queueItemFromTrack(track)], 0);
    player.seek(fraction * duration);
  };
  const title = track.title;
  return (
    <section className={cx("flex flex-col gap-2", pagePadding)} aria-label={t`Waveform`}>
      {waveform.data ? (
        <Waveform
          peaks={waveform.data.peaks}
          rms={waveform.data.rms}
          durationMs={duration}
          progress={current && duration > 0 ? position / duration : 0}
          onSeek={seek}
          label={t`Position in ${title}`}
          color="var(--vivid)"
          className="h-36! sm:h-44!"
        />
      ) : (
        <Skeleton className="h-36 sm:h-44" />
      )}
      <p className="numbers flex justify-between text-sm text-muted">
        <span>{clockTime(current ? position : 0)}</span>
        <span>{clockTime(duration)}</span>
      </p>
    </section>
  );
}

function useRoles(): Record<string, string> {
  const { t } = useLingui();
  return {
    artist: t`Artist`,
    composer: t`Composer`,
    lyricist: t`Lyricist`,
    producer: t`Producer`,
    performer: t`Performer`,
    arranger: t`Arranger`,
    conductor: t`Conductor`,
    remixer: t`Remixer`,
    engineer: t`Engineer`,
    mixer: t`Mixing engineer`,
    "mixing engineer": t`Mixing engineer`,
    "mastering engineer": t`Mastering engineer`,
  };
}

function Details({ track }: { track: Track }) {
  const { t } = useLingui();
  const roles = useRoles();
  const facts = [
    track.published_at ? [t`Published`, longDate(track.published_at)] : null,
    track.year ? [t`Year`, String(track.year)] : null,
    track.isrc ? [t`ISRC`, track.isrc] : null,
    [t`Plays`, count(track.stats.plays)],
  ].filter((fact) => fact !== null);
  return (
    <div className={cx("grid gap-12 pt-14 md:grid-cols-2 xl:grid-cols-3", pagePadding)}>
      {track.description ? (
        <section className="flex flex-col gap-4">
          <h2 className="display text-xl">{t`About the track`}</h2>
          <p className="max-w-prose whitespace-pre-line text-muted" dir="auto">
            {track.description}
          </p>
        </section>
      ) : null}
      {track.credits.length > 0 ? (
        <section className="flex flex-col gap-4">
          <h2 className="display text-xl">{t`Credits`}</h2>
          <dl className="flex flex-col">
            {track.credits.map((credit) => (
              <div
                key={`${credit.role}/${credit.name}`}
                className="flex justify-between gap-6 border-t border-line py-2.5"
              >
                <dt className="text-muted">{roles[credit.role.toLowerCase()] ?? credit.role}</dt>
                <dd className="text-end font-semibold" dir="auto">
                  {credit.artist_id ? (
                    <Link
                      to="/artists/$artistId"
                      params={{ artistId: credit.artist_id }}
                      className="rounded-sm hover:underline"
                    >
                      {credit.name}
                    </Link>
                  ) : (
                    credit.name
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ) : null}
      <section className="flex flex-col gap-4">
        <h2 className="display text-xl">{t`Details`}</h2>
        <dl className="flex flex-col">
          {facts.map(([name, value]) => (
            <div key={name} className="flex justify-between gap-6 border-t border-line py-2.5">
              <dt className="text-muted">{name}</dt>
              <dd className="numbers font-semibold">{value}</dd>
            </div>
          ))}
        </dl>
        {track.genres.length > 0 ? (
          <ul aria-label={t`Genres`} className="flex flex-wrap gap-2">
            {track.genres.map((genre) => (
              <li key={genre.id}>
                <Link
                  to="/genres/$genreId"
                  params={{ genreId: genre.id }}
                  className={buttonClasses("secondary", "sm")}
                  dir="auto"
                >
                  {genre.name}
                </Link>
              </li>
            ))}
          </ul>
        ) : null}
      </section>
    </div>
  );
}

function Content({ track }: { track: Track }) {
  const { t } = useLingui();
  const may = useMayKeep([track]);
  return (
    <article style={coverColour(track.cover)} className="tint-vivid">
      <PageHeader
        style={coverColour(track.cover)}
        picture={
          <Cover
            image={track.cover}
            alt=""
            seed={track.id}
            eager
            sizes="(min-width: 1024px) 256px, 208px"
            className="w-52 shrink-0 rounded-lg shadow-lift lg:w-64"
          />
        }
        eyebrow={
          <span className="flex items-center gap-2">
            {t`Track`}
            {track.explicit ? <ExplicitMark /> : null}
            {track.published ? null : (
              <span className="rounded-sm bg-warning-soft px-2 py-0.5 text-warning">{t`Draft`}</span>
            )}
          </span>
        }
        title={track.title}
        actions={
          <>
            <PlayAll tracks={[track]} />
            <LikeButton id={track.id} name={track.title} size="lg" />
            {may ? (
              <Link
                to="/studio/tracks/$trackId"
                params={{ trackId: track.id }}
                className={buttonClasses("secondary", "lg")}
              >
                <Pencil aria-hidden className="size-4" />
                {t`Edit`}
              </Link>
            ) : null}
            <TrackMenu track={track} />
          </>
        }
      >
        <p className="flex flex-wrap items-center gap-x-2 text-muted">
          <Link
            to="/artists/$artistId"
            params={{ artistId: track.artist.id }}
            className="rounded-sm font-semibold text-ink hover:underline"
            dir="auto"
          >
            {track.artist.name}
          </Link>
          {track.album ? (
            <>
              <span aria-hidden>·</span>
              <Link
                to="/albums/$albumId"
                params={{ albumId: track.album.id }}
                className="rounded-sm hover:text-ink hover:underline"
                dir="auto"
              >
                {track.album.title}
              </Link>
            </>
          ) : null}
          <span aria-hidden>·</span>
          <span>
            <Plural value={track.stats.plays} one="# play" other="# plays" />
          </span>
        </p>
        {track.status === "processing" ? (
          <div className="flex max-w-sm flex-col gap-2">
            <p className="text-sm text-muted">{t`This track is being prepared.`}</p>
            <ProgressBar label={t`Preparing`} value={track.progress.percent} />
          </div>
        ) : null}
      </PageHeader>
      {track.status === "ready" ? <Shape track={track} /> : null}
      <Suspense fallback={null}>
        <LyricsPane track={track} className={cx("max-w-4xl pt-12", pagePadding)} />
      </Suspense>
      <Details track={track} />
    </article>
  );
}

const WHILE_PROCESSING_MS = 3_000;

export function TrackPage() {
  const { trackId } = useParams({ from: "/tracks/$trackId" });
  const track = useQuery({
    ...trackQuery(trackId),
    refetchInterval: (query) => (query.state.data?.status === "processing" ? WHILE_PROCESSING_MS : false),
  });
  useTitle(track.data ? `${track.data.title} – ${track.data.artist.name}` : undefined);
  if (track.data) return <Content key={track.data.id} track={track.data} />;
  if (track.isError) return <Failed heading="h1" error={track.error} retry={() => void track.refetch()} />;
  return (
    <Loading>
      <HeaderSkeleton />
      <div className="p-8">
        <Skeleton className="h-44" />
      </div>
    </Loading>
  );
}
