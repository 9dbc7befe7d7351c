import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { History, Play, X } from "lucide-react";
import { player, queueItemFromTrack } from "@/player";
import { pagePadding, Section } from "@/features/browse/components/page";
import { Failed, Loading, RowsSkeleton } from "@/features/browse/components/states";
import { TrackList } from "@/features/browse/components/track-list";
import type { Bookmark, NowPlaying } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { ago, clockTime, longDate } from "@/shared/lib/format";
import { useTitle } from "@/shared/lib/title";
import { Button, IconButton } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";
import { sayFailure } from "@/shared/ui/say-failure";
import { ShowMore } from "@/shared/ui/show-more";
import { byDay } from "./days";
import { bookmarksQuery, dropBookmark, historyQuery, useNowPlaying } from "./queries";

function Listener({ heard }: { heard: NowPlaying }) {
  const { t } = useLingui();
  const who = heard.display_name;
  const since = ago(heard.started_at);
  const app = heard.player;
  return (
    <li className="relative flex items-center gap-4 rounded-lg border border-line bg-raised p-4 hover:bg-hover">
      <Cover
        image={heard.track.cover}
        alt=""
        seed={heard.track.album?.id ?? heard.track.id}
        sizes="56px"
        className="size-14 shrink-0 rounded-sm"
      />
      <div className="min-w-0">
        <p className="truncate text-sm text-muted">
          <bdi className="font-semibold text-ink">{who}</bdi> · {since}
        </p>
        <Link
          to="/tracks/$trackId"
          params={{ trackId: heard.track.id }}
          className="block truncate rounded-sm font-semibold after:absolute after:inset-0 hover:underline"
          dir="auto"
        >
          {heard.track.title}
        </Link>
        <p className="truncate text-sm text-muted" dir="auto">
          {heard.track.artist.name}
        </p>
        {app ? <p className="truncate text-sm text-faint">{t`by ${app}`}</p> : null}
      </div>
    </li>
  );
}

function NowHeard() {
  const { t } = useLingui();
  const found = useNowPlaying().data ?? [];
  if (found.length === 0) return null;
  return (
    <Section title={t`Heard right now`}>
      <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
        {found.map((heard) => (
          <Listener key={`${heard.user_id}-${String(heard.player_id)}`} heard={heard} />
        ))}
      </ul>
    </Section>
  );
}

function Place({ bookmark }: { bookmark: Bookmark }) {
  const { t } = useLingui();
  const drop = useMutation({ mutationFn: () => dropBookmark(bookmark.content_id), onError: sayFailure });
  const { track } = bookmark;
  const title = track.title;
  const place = clockTime(bookmark.position_ms);
  const share = track.duration_ms ? Math.min(100, (bookmark.position_ms / track.duration_ms) * 100) : 0;
  const resume = () => {
    player.playNow([queueItemFromTrack(track)], 0);
    player.seek(bookmark.position_ms);
  };
  return (
    <li className="flex items-center gap-4 rounded-md py-2">
      <Cover
        image={track.cover}
        alt=""
        seed={track.album?.id ?? track.id}
        sizes="56px"
        className="size-14 shrink-0 rounded-sm"
      />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <Link
          to="/tracks/$trackId"
          params={{ trackId: track.id }}
          className="truncate rounded-sm font-semibold hover:underline"
          dir="auto"
        >
          {title}
        </Link>
        <p className="truncate text-sm text-muted" dir="auto">
          {[track.artist.name, bookmark.comment].filter(Boolean).join(" · ")}
        </p>
        <div aria-hidden className="h-1 max-w-xs overflow-hidden rounded-full bg-line">
          <div className="h-full bg-accent" style={{ width: `${share}%` }} />
        </div>
      </div>
      <Button size="sm" onPress={resume} isDisabled={!track.playable} aria-label={t`Go on from ${place}: ${title}`}>
        <Play aria-hidden fill="currentColor" className="flip-rtl size-4" />
        <span className="max-sm:sr-only">{t`Go on from ${place}`}</span>
      </Button>
      <IconButton
        label={t`Remove the bookmark in ${title}`}
        className="text-muted"
        onPress={() => drop.mutate()}
        isPending={drop.isPending}
      >
        <X aria-hidden className="size-5" />
      </IconButton>
    </li>
  );
}

function Bookmarks() {
  const { t } = useLingui();
  const bookmarks = useQuery(bookmarksQuery);
  if (bookmarks.isError) return <Failed error={bookmarks.error} retry={() => void bookmarks.refetch()} />;
  return (
    <Section title={t`Bookmarks`}>
      {bookmarks.isPending ? (
        <Loading>
          <RowsSkeleton rows={2} />
        </Loading>
      ) : bookmarks.data.length === 0 ? (
        <p className="text-muted">{t`The full-screen player marks a place in a track; it waits for you here.`}</p>
      ) : (
        <ul className="flex flex-col">
          {bookmarks.data.map((bookmark) => (
            <Place key={bookmark.content_id} bookmark={bookmark} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Heard() {
  const { t } = useLingui();
  const history = useInfiniteQuery(historyQuery);
  if (history.isLoadingError) return <Failed error={history.error} retry={() => void history.refetch()} />;
  if (history.isPending) {
    return (
      <Loading>
        <div className={pagePadding}>
          <RowsSkeleton />
        </div>
      </Loading>
    );
  }
  const items = history.data.pages.flatMap((page) => page.items);
  const gone = items.filter((one) => one.track === null).length;
  return (
    <Section title={t`What you heard`}>
      {items.length === 0 ? (
        <EmptyState icon={<History />} title={t`Nothing yet`}>
          {t`What you listen to stands here, day by day.`}
        </EmptyState>
      ) : null}
      {byDay(items, (one) => one.started_at).map(({ day, items: heard }) => (
        <section key={day} className="flex flex-col gap-2">
          <h3 className="text-sm font-semibold text-muted">{longDate(day)}</h3>
          <TrackList
            label={longDate(day)}
            tracks={heard.flatMap((one) => (one.track ? [one.track] : []))}
            repeats
            showAlbum
          />
        </section>
      ))}
      {gone > 0 ? <p className="text-sm text-muted">{t`Some of it is no longer here.`}</p> : null}
      <ShowMore pages={history} />
    </Section>
  );
}

/** What others hear now, where one wants to go on, and what one heard. */
export function ListeningPage() {
  const { t } = useLingui();
  useTitle(t`Listening`);
  return (
    <div className="flex flex-col gap-12 pt-6">
      <h1 className={cx("display text-3xl", pagePadding)}>{t`Listening`}</h1>
      <NowHeard />
      <Bookmarks />
      <Heard />
    </div>
  );
}
