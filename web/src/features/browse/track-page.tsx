import { Plural, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import { Suspense, useEffect } from "react";
import { player, queueItemFromTrack, usePlayer, usePosition, Waveform } from "@/player";
import type { FullTrack, Track } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { clockTime } from "@/shared/lib/format";
import { queryClient } from "@/shared/lib/query";
import { useTitle } from "@/shared/lib/title";
import { watchContent } from "@/shared/realtime/content-progress";
import { buttonClasses } from "@/shared/ui/button";
import { useCoverColour } from "@/shared/ui/cover";
import { ProgressBar, Skeleton } from "@/shared/ui/progress";
import { trackQuery, waveformQuery } from "./api/queries";
import { useMayKeep } from "./choosing/choosing";
import { LikeButton } from "./components/like-button";
import { NotHeard } from "./components/not-heard";
import { PageCover, PageHeader, pagePadding } from "./components/page";
import { Performers } from "./components/performers";
import { PlayAll } from "./components/play-all";
import { Failed, HeaderSkeleton, Loading } from "./components/states";
import { Stars } from "./components/stars";
import { ExplicitMark, TrackMenu } from "./components/track-list";
import { LyricsPane } from "./lyrics/load";
import { TrackDetails } from "./works/track-details";

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

function Content({ track }: { track: FullTrack }) {
  const { t } = useLingui();
  const may = useMayKeep([track]);
  const colour = useCoverColour(track.cover, track.album?.id ?? track.id);
  return (
    <article style={colour} className="tint-vivid">
      <PageHeader
        style={colour}
        picture={<PageCover image={track.cover} seed={track.album?.id ?? track.id} />}
        eyebrow={
          <span className="flex items-center gap-2">
            {t`Track`}
            {track.version_title ? <bdi>{track.version_title}</bdi> : null}
            {track.explicit ? <ExplicitMark /> : null}
            {track.published ? null : (
              <span className="rounded-sm bg-warning-soft px-2 py-0.5 text-warning">{t`Draft`}</span>
            )}
          </span>
        }
        title={track.title}
        actions={
          <>
            <PlayAll tracks={[track]} from={{ id: track.id, title: track.title }} />
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
            <Stars id={track.id} name={track.title} />
          </>
        }
      >
        <p className="flex flex-wrap items-center gap-x-2 text-muted">
          <Performers work={track} className="font-semibold text-ink" />
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
        ) : (
          <NotHeard work={track} explicit={track.explicit} />
        )}
      </PageHeader>
      {track.status === "ready" ? <Shape track={track} /> : null}
      <Suspense fallback={null}>
        <LyricsPane track={track} className={cx("max-w-4xl pt-12", pagePadding)} />
      </Suspense>
      <TrackDetails track={track} />
    </article>
  );
}

/** While it is being prepared: told by the socket, or asked for. */
function useProgress(track: Track | undefined): void {
  const id = track?.status === "processing" ? track.id : null;
  useEffect(() => {
    if (id === null) return;
    const { queryKey } = trackQuery(id);
    return watchContent(id, ({ status, step, percent }) => {
      if (status === "processing") {
        queryClient.setQueryData(queryKey, (known) => (known ? { ...known, progress: { step, percent } } : known));
      } else void queryClient.invalidateQueries({ queryKey });
    });
  }, [id]);
}

export function TrackPage() {
  const { trackId } = useParams({ from: "/tracks/$trackId" });
  const track = useQuery(trackQuery(trackId));
  useProgress(track.data);
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
