import { useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import {
  Disc3,
  EllipsisVertical,
  Link as LinkIcon,
  ListEnd,
  ListPlus,
  ListStart,
  Mic,
  Music,
  Pause,
  Play,
  Star,
  Share2,
} from "lucide-react";
import { player, queueItemFromTrack, usePlayer } from "@/player";
import type { ListedTrack } from "@/shared/api/types";
import { askForPlaylist } from "@/shared/lib/add-to-playlist";
import { cx } from "@/shared/lib/class-names";
import { clockTime, compactCount, count } from "@/shared/lib/format";
import { askForRating } from "@/shared/lib/rate";
import { useSignedIn } from "@/shared/lib/session";
import { askToShare } from "@/shared/lib/sharing";
import { IconButton } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { Menu } from "@/shared/ui/menu";
import { toast } from "@/shared/ui/toast";
import { LikeButton } from "./like-button";
import { greyed, NotHeard } from "./not-heard";

export function ExplicitMark() {
  const { t } = useLingui();
  return (
    <abbr
      title={t`Explicit`}
      className="inline-grid size-4 shrink-0 place-items-center rounded-[3px] bg-muted text-[0.625rem] leading-none font-bold text-surface no-underline"
    >
      E
    </abbr>
  );
}

/** Three bars that move while the track sounds. */
export function Sounding({ moving }: { moving: boolean }) {
  return (
    <span aria-hidden className="inline-flex h-4 items-end gap-0.5 text-accent-text">
      {[0.6, 1, 0.75].map((height, index) => (
        <span
          key={index}
          className={cx("w-1 rounded-full bg-current", moving && "animate-pulse-soft")}
          style={{
            height: `${height * 100}%`,
            animationDelay: `${index * 180}ms`,
            animationDuration: `${700 + index * 150}ms`,
          }}
        />
      ))}
    </span>
  );
}

export function TrackMenu({ track }: { track: ListedTrack }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const signedIn = useSignedIn();
  const title = track.title;
  const album = track.album;
  async function copy() {
    try {
      await navigator.clipboard.writeText(new URL(`/tracks/${track.id}`, window.location.origin).href);
      toast(t`Link copied`, "success");
    } catch {
      toast(t`The link could not be copied.`, "error");
    }
  }
  return (
    <Menu
      label={t`Actions for ${title}`}
      trigger={
        <IconButton label={t`Actions for ${title}`} className="text-muted">
          <EllipsisVertical aria-hidden className="size-5" />
        </IconButton>
      }
      actions={[
        {
          id: "next",
          label: t`Play next`,
          icon: <ListStart className="flip-rtl" />,
          run: () => {
            player.playNext([queueItemFromTrack(track)]);
            toast(t`Plays next`, "success");
          },
        },
        {
          id: "enqueue",
          label: t`Add to the queue`,
          icon: <ListEnd className="flip-rtl" />,
          run: () => {
            player.enqueue([queueItemFromTrack(track)]);
            toast(t`Added to the queue`, "success");
          },
        },
        {
          id: "track",
          label: t`Go to the track`,
          icon: <Music />,
          run: () => void navigate({ to: "/tracks/$trackId", params: { trackId: track.id } }),
        },
        {
          id: "artist",
          label: t`Go to the artist`,
          icon: <Mic />,
          run: () => void navigate({ to: "/artists/$artistId", params: { artistId: track.artist.id } }),
        },
        ...(album
          ? [
              {
                id: "album",
                label: t`Go to the album`,
                icon: <Disc3 />,
                run: () => void navigate({ to: "/albums/$albumId", params: { albumId: album.id } }),
              },
            ]
          : []),
        ...(signedIn
          ? [
              {
                id: "playlist",
                label: t`Add to a playlist`,
                icon: <ListPlus className="flip-rtl" />,
                run: () => askForPlaylist([track.id]),
              },
              { id: "rate", label: t`Rate`, icon: <Star />, run: () => askForRating({ id: track.id, name: title }) },
              {
                id: "share",
                label: t`Share`,
                icon: <Share2 />,
                run: () => askToShare({ ids: [track.id], name: title }),
              },
            ]
          : []),
        { id: "copy", label: t`Copy link`, icon: <LinkIcon />, run: () => void copy() },
      ]}
    />
  );
}

type RowProps = {
  track: ListedTrack;
  /** Shown before the title; the cover takes its place where left out. */
  number?: number | null;
  showCover: boolean;
  showArtist: boolean;
  showAlbum: boolean;
  showPlays: boolean;
  play: () => void;
};

function Plays({ times }: { times: number }) {
  const { t } = useLingui();
  const plays = count(times);
  return (
    <span className="numbers hidden w-20 shrink-0 text-end text-sm text-muted sm:block" title={t`Played: ${plays}`}>
      {compactCount(times)}
    </span>
  );
}

export function TrackRow({ track, number, showCover, showArtist, showAlbum, showPlays, play }: RowProps) {
  const { t } = useLingui();
  const current = usePlayer((state) => state.queue[state.index]?.trackId === track.id);
  const sounding = usePlayer((state) => current && (state.status === "playing" || state.status === "buffering"));
  const { playable, title } = track;
  const plays = showPlays ? track.stats?.plays : undefined;
  return (
    <li
      className={cx(
        "group relative flex items-center gap-3 rounded-md px-2 py-1.5 transition-colors hover:bg-hover sm:gap-4",
        current && "bg-accent-soft",
      )}
      onDoubleClick={() => playable && play()}
    >
      <div className="relative grid size-11 shrink-0 place-items-center">
        {showCover ? (
          <Cover
            image={track.cover}
            alt=""
            seed={track.album?.id ?? track.id}
            sizes="44px"
            className={cx("absolute inset-0 rounded-sm", greyed(track))}
          />
        ) : null}
        {showCover ? null : (
          <span
            className={cx(
              "numbers text-sm text-muted group-focus-within:opacity-0 group-hover:opacity-0",
              current && "opacity-0",
            )}
            aria-hidden
          >
            {number ?? "–"}
          </span>
        )}
        {current && !showCover ? (
          <span className="absolute group-focus-within:opacity-0 group-hover:opacity-0">
            <Sounding moving={sounding} />
          </span>
        ) : null}
        <button
          type="button"
          disabled={!playable}
          onClick={current ? player.toggle : play}
          aria-label={sounding ? t`Pause ${title}` : t`Play ${title}`}
          className={cx(
            "absolute inset-0 grid place-items-center rounded-sm opacity-0 transition-opacity group-hover:opacity-100 focus-visible:opacity-100",
            showCover && "bg-shade text-on-shade",
            showCover && current && "opacity-100",
          )}
        >
          {sounding ? (
            <Pause aria-hidden fill="currentColor" className="size-5" />
          ) : (
            <Play aria-hidden fill="currentColor" className="flip-rtl size-5" />
          )}
        </button>
      </div>

      <div className="relative min-w-0 flex-1">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            to="/tracks/$trackId"
            params={{ trackId: track.id }}
            className={cx(
              "truncate rounded-sm font-semibold hover:underline max-sm:after:absolute max-sm:after:inset-0",
              current && "text-accent-text",
              !playable && "text-muted",
            )}
            dir="auto"
          >
            {track.title}
          </Link>
          {track.explicit ? <ExplicitMark /> : null}
        </div>
        <div className="flex min-w-0 items-center gap-2">
          {showArtist ? (
            <>
              <Link
                to="/artists/$artistId"
                params={{ artistId: track.artist.id }}
                className="block w-fit max-w-full truncate rounded-sm text-sm leading-6 text-muted max-sm:hidden hover:text-ink hover:underline"
                dir="auto"
              >
                {track.artist.name}
              </Link>
              {/* A finger needs more room than two lines give: on a phone the row is one target, the menu has the artist. */}
              <span className="block truncate text-sm text-muted sm:hidden" dir="auto">
                {track.artist.name}
              </span>
            </>
          ) : null}
          <NotHeard work={track} explicit={track.explicit} />
        </div>
      </div>

      {showAlbum && track.album ? (
        <Link
          to="/albums/$albumId"
          params={{ albumId: track.album.id }}
          className="hidden w-1/4 truncate rounded-sm text-sm leading-6 text-muted hover:text-ink hover:underline xl:block"
          dir="auto"
        >
          {track.album.title}
        </Link>
      ) : null}
      {plays === undefined ? null : <Plays times={plays} />}
      <LikeButton id={track.id} name={title} className="max-sm:hidden" />
      <span className="numbers w-14 shrink-0 text-end text-sm text-muted">
        {track.duration_ms === null ? "" : clockTime(track.duration_ms)}
      </span>
      <TrackMenu track={track} />
    </li>
  );
}

type TrackListProps = {
  label: string;
  tracks: readonly ListedTrack[];
  /** What is queued when a row is played, where that is more than the rows shown (an album over several discs). */
  queue?: readonly ListedTrack[];
  numbering?: "track" | "rank" | "none";
  showArtist?: boolean;
  showAlbum?: boolean;
  showPlays?: boolean;
  columns?: boolean;
  /** Where a track may stand in the list more than once. */
  repeats?: boolean;
};

export function TrackList(props: TrackListProps) {
  const {
    label,
    tracks,
    queue = tracks,
    numbering = "none",
    showArtist = true,
    showAlbum = false,
    showPlays = false,
  } = props;
  const playFrom = (track: ListedTrack) => {
    const playable = queue.filter((one) => one.playable);
    player.playNow(
      playable.map(queueItemFromTrack),
      Math.max(
        0,
        playable.findIndex((one) => one.id === track.id),
      ),
    );
  };
  return (
    <ol aria-label={label} className={cx("-mx-2", props.columns ? "grid gap-x-8 lg:grid-cols-2" : "flex flex-col")}>
      {tracks.map((track, index) => (
        <TrackRow
          key={props.repeats ? `${track.id} ${String(index)}` : track.id}
          track={track}
          number={numbering === "track" ? (track.track_number ?? index + 1) : index + 1}
          showCover={numbering === "none"}
          showArtist={showArtist}
          showAlbum={showAlbum}
          showPlays={showPlays}
          play={() => playFrom(track)}
        />
      ))}
    </ol>
  );
}
