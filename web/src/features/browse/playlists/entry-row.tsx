import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { GripVertical, Pause, Play, X } from "lucide-react";
import { Button as AriaButton } from "react-aria-components/Button";
import { player, usePlayer } from "@/player";
import type { PlaylistEntry, Track } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { clockTime } from "@/shared/lib/format";
import { IconButton } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { greyed, NotHeard } from "@/features/browse/components/not-heard";
import { ExplicitMark, TrackMenu } from "@/features/browse/components/track-list";

const round = "grid size-9 shrink-0 place-items-center rounded-full text-muted pointer-coarse:size-11";

function PlayButton({ track, play }: { track: Track; play: () => void }) {
  const { t } = useLingui();
  const current = usePlayer((state) => state.queue[state.index]?.trackId === track.id);
  const sounding = usePlayer((state) => current && (state.status === "playing" || state.status === "buffering"));
  const title = track.title;
  const Icon = sounding ? Pause : Play;
  return (
    <AriaButton
      isDisabled={!track.playable}
      onPress={current ? player.toggle : play}
      aria-label={sounding ? t`Pause ${title}` : t`Play ${title}`}
      className="relative grid size-11 shrink-0 place-items-center rounded-sm"
    >
      <Cover
        image={track.cover}
        alt=""
        seed={track.album?.id ?? track.id}
        sizes="44px"
        className={cx("absolute inset-0 rounded-sm", greyed(track))}
      />
      <span
        className={cx(
          "absolute inset-0 grid place-items-center rounded-sm bg-shade text-on-shade opacity-0 group-hover:opacity-100 group-focus-within:opacity-100",
          current && "opacity-100",
        )}
      >
        <Icon aria-hidden fill="currentColor" className="flip-rtl size-5" />
      </span>
    </AriaButton>
  );
}

function Names({ track }: { track: Track }) {
  return (
    <div className="min-w-0 flex-1">
      <div className="flex min-w-0 items-center gap-2">
        <Link
          to="/tracks/$trackId"
          params={{ trackId: track.id }}
          className={cx("truncate rounded-sm font-semibold hover:underline", !track.playable && "text-muted")}
          dir="auto"
        >
          {track.title}
        </Link>
        {track.explicit ? <ExplicitMark /> : null}
      </div>
      <div className="flex min-w-0 items-center gap-2">
        <Link
          to="/artists/$artistId"
          params={{ artistId: track.artist.id }}
          className="block w-fit max-w-full truncate rounded-sm text-sm leading-6 text-muted hover:text-ink hover:underline"
          dir="auto"
        >
          {track.artist.name}
        </Link>
        <NotHeard work={track} explicit={track.explicit} />
      </div>
    </div>
  );
}

type RowProps = { entry: PlaylistEntry; title: string; editable: boolean; play: () => void; takeOut: () => void };

/** What a row shows. Without a track it is one that nobody may see at present. */
export function EntryRow({ entry: { track }, title, editable, play, takeOut }: RowProps) {
  const { t } = useLingui();
  return (
    <>
      {editable ? (
        <AriaButton slot="drag" aria-label={t`Move ${title}`} className={cx(round, "cursor-grab")}>
          <GripVertical aria-hidden className="size-5" />
        </AriaButton>
      ) : null}
      {track ? (
        <>
          <PlayButton track={track} play={play} />
          <Names track={track} />
          <span className="numbers hidden w-14 shrink-0 text-end text-sm text-muted sm:block">
            {track.duration_ms === null ? "" : clockTime(track.duration_ms)}
          </span>
          <TrackMenu track={track} />
        </>
      ) : (
        <p className="min-h-11 flex-1 content-center text-muted">{title}</p>
      )}
      {editable ? (
        <IconButton label={t`Take ${title} out`} size="sm" className="text-muted" onPress={takeOut}>
          <X aria-hidden className="size-5" />
        </IconButton>
      ) : null}
    </>
  );
}
