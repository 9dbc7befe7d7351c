import { Plural, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { LinkIcon, Music, Pause, Play, SkipBack, SkipForward, TimerOff } from "lucide-react";
import { ApiError } from "@/shared/api/errors";
import type { Image, OpenedShare, Track } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { errorText } from "@/shared/lib/error-text";
import { clockTime, dateAndTime, spokenLength } from "@/shared/lib/format";
import { useTitle } from "@/shared/lib/title";
import { Button, buttonClasses, IconButton } from "@/shared/ui/button";
import { Cover, useCoverColour } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";
import { Wordmark } from "@/shared/ui/logo";
import { Skeleton } from "@/shared/ui/progress";
import { Slider } from "@/shared/ui/slider";
import { ToastRegion } from "@/shared/ui/toast";
import { openedQuery } from "./queries";
import { useShareName } from "./share-name";
import { type SharedPlayer, useSharedPlayer } from "./use-shared-player";

function Row({ track, index, player }: { track: Track; index: number; player: SharedPlayer }) {
  const { t } = useLingui();
  const current = player.index === index;
  const sounding = current && player.sounding;
  const title = track.title;
  return (
    <li className={cx("flex items-center gap-3 rounded-md px-2 py-1.5 hover:bg-hover", current && "bg-accent-soft")}>
      <IconButton
        label={sounding ? t`Pause ${title}` : t`Play ${title}`}
        isDisabled={!track.playable}
        onPress={() => player.toggle(index)}
      >
        {sounding ? (
          <Pause aria-hidden fill="currentColor" className="size-5" />
        ) : (
          <Play aria-hidden fill="currentColor" className="flip-rtl size-5" />
        )}
      </IconButton>
      <Cover image={track.cover} alt="" seed={track.id} sizes="44px" className="size-11 shrink-0 rounded-sm" />
      <div className="min-w-0 flex-1" dir="auto">
        <p className={cx("truncate font-semibold", current && "text-accent-text")}>{track.title}</p>
        <p className="truncate text-sm text-muted">{track.artist.name}</p>
      </div>
      <span className="numbers text-sm text-muted">{clockTime(track.duration_ms ?? 0)}</span>
    </li>
  );
}

function Controls({ player, tracks }: { player: SharedPlayer; tracks: readonly Track[] }) {
  const { t } = useLingui();
  const current = tracks[Math.max(0, player.index)];
  if (!current) return null;
  const length = current.duration_ms ?? 0;
  const position = player.index < 0 ? 0 : Math.min(player.positionMs, length);
  return (
    <section aria-label={t`Player`} className="flex flex-col gap-3 rounded-lg border border-line bg-raised p-4">
      <div className="flex flex-wrap items-center gap-3">
        <IconButton label={t`Previous track`} isDisabled={player.index < 1} onPress={() => player.step(-1)}>
          <SkipBack aria-hidden fill="currentColor" className="flip-rtl size-5" />
        </IconButton>
        <Button
          variant="primary"
          size="lg"
          isPending={player.loading}
          onPress={() => player.toggle(Math.max(0, player.index))}
        >
          {player.sounding ? (
            <Pause aria-hidden fill="currentColor" className="size-5" />
          ) : (
            <Play aria-hidden fill="currentColor" className="flip-rtl size-5" />
          )}
          {player.sounding ? t`Pause` : t`Play`}
        </Button>
        <IconButton label={t`Next track`} isDisabled={player.index + 1 >= tracks.length} onPress={() => player.step(1)}>
          <SkipForward aria-hidden fill="currentColor" className="flip-rtl size-5" />
        </IconButton>
        <p className="min-w-32 flex-1 truncate font-semibold" dir="auto" aria-live="polite">
          {current.title}
        </p>
      </div>
      <div className="flex items-center gap-3">
        <span className="numbers text-sm text-muted">{clockTime(position)}</span>
        <Slider
          label={t`Position`}
          value={position}
          max={length}
          step={1000}
          onCommit={player.seek}
          valueText={(ms) => spokenLength(ms, "long")}
        />
        <span className="numbers text-sm text-muted">{clockTime(length)}</span>
      </div>
      <audio ref={player.audio} preload="none" />
    </section>
  );
}

function pictureOf({ works, tracks }: OpenedShare): Image | null {
  const [first] = works;
  return first?.album?.cover ?? first?.track?.cover ?? first?.artist?.image ?? tracks[0]?.cover ?? null;
}

function Content({ share }: { share: OpenedShare }) {
  const { t } = useLingui();
  const player = useSharedPlayer(share.id, share.tracks);
  const picture = pictureOf(share);
  const colour = useCoverColour(picture, share.id);
  const name = useShareName(share.works);
  const by = share.shared_by;
  const ends = share.expires_at ? dateAndTime(share.expires_at) : null;
  const length = share.tracks.reduce((sum, track) => sum + (track.duration_ms ?? 0), 0);
  useTitle(name);
  return (
    <article className="flex flex-col gap-6" style={colour}>
      <header className="flex flex-col gap-6 sm:flex-row sm:items-end">
        <Cover
          image={picture}
          alt=""
          seed={share.id}
          eager
          sizes="(min-width: 640px) 208px, 60vw"
          className="w-44 shrink-0 rounded-lg shadow-lift sm:w-52"
        />
        <div className="flex min-w-0 flex-col gap-2">
          <p className="text-sm font-semibold text-muted">{t`Shared by ${by}`}</p>
          <h1 className="display text-2xl break-words" dir="auto">
            {name}
          </h1>
          {share.description ? (
            <p className="max-w-prose self-start whitespace-pre-line" dir="auto">
              {share.description}
            </p>
          ) : null}
          <p className="flex flex-wrap gap-x-2 text-sm text-muted">
            <Plural value={share.tracks.length} one="# track" other="# tracks" />
            <span aria-hidden>·</span>
            <span>{spokenLength(length)}</span>
            {ends ? (
              <>
                <span aria-hidden>·</span>
                <span>{t`Until ${ends}`}</span>
              </>
            ) : null}
          </p>
        </div>
      </header>
      {share.tracks.length > 0 ? (
        <>
          <Controls player={player} tracks={share.tracks} />
          <ol aria-label={t`Tracks`} className="flex flex-col">
            {share.tracks.map((track, index) => (
              <Row key={track.id} track={track} index={index} player={player} />
            ))}
          </ol>
        </>
      ) : (
        <EmptyState icon={<Music />} title={t`Nothing to hear`}>
          {t`What was shared here has been taken down.`}
        </EmptyState>
      )}
    </article>
  );
}

function Gone({ error }: { error: unknown }) {
  const { t } = useLingui();
  const over = error instanceof ApiError && error.code === "share_expired";
  const missing = error instanceof ApiError && error.status === 404;
  if (!over && !missing)
    return (
      <EmptyState heading="h1" icon={<LinkIcon />} title={t`This did not load`}>
        {errorText(error)}
      </EmptyState>
    );
  return (
    <EmptyState
      heading="h1"
      icon={over ? <TimerOff /> : <LinkIcon />}
      title={over ? t`This link is over` : t`This link leads nowhere`}
    >
      {t`Ask the person who gave it to you for a new one.`}
    </EmptyState>
  );
}

/** What a link shows to whoever has it, alone on its page, so that it can sit in a frame of another site. */
export function SharePage() {
  const { t } = useLingui();
  const { shareId } = useParams({ from: "/share/$shareId" });
  const opened = useQuery(openedQuery(shareId));
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-3xl flex-col gap-8 px-4 py-6 sm:px-8">
      <header>
        <a href="/" target="_blank" rel="noopener" aria-label={t`Antiphon, home`} className="inline-flex rounded-md">
          <Wordmark />
        </a>
      </header>
      <main className="flex-1">
        {opened.data ? <Content share={opened.data} /> : null}
        {opened.isError ? <Gone error={opened.error} /> : null}
        {opened.isPending ? (
          <div role="status" aria-busy="true">
            <span className="sr-only">{t`Loading`}</span>
            <Skeleton className="h-64" />
          </div>
        ) : null}
      </main>
      <footer className="flex flex-wrap items-center justify-between gap-4 border-t border-line pt-4 text-sm text-muted">
        {t`Heard on Antiphon, without an account.`}
        <a href="/" target="_blank" rel="noopener" className={buttonClasses("ghost", "sm")}>
          {t`Open Antiphon`}
        </a>
      </footer>
      <ToastRegion />
    </div>
  );
}
