import { useLingui } from "@lingui/react/macro";
import { createPortal } from "react-dom";
import { usePlayer } from "@/player";
import { clockTime } from "@/shared/lib/format";
import { Cover, useCoverColour } from "@/shared/ui/cover";
import { PrivateMark } from "./player-menu";
import { PlayButton, SkipButton, useCurrentItem } from "./player-parts";
import { PlayerSays } from "./player-says";
import { useMiniWindow } from "./mini-window";

/** Drawn by what the player tells, not by frames: the page behind it may be out of sight. */
function Progress() {
  const { t } = useLingui();
  const position = usePlayer((state) => state.positionMs);
  const duration = usePlayer((state) => state.durationMs);
  const [elapsed, whole] = [clockTime(position), clockTime(duration)];
  return (
    <div className="flex items-center gap-3">
      <span className="numbers text-xs text-muted">{elapsed}</span>
      <progress
        aria-label={t`Position in the track`}
        aria-valuetext={t`${elapsed} of ${whole}`}
        max={Math.max(1, duration)}
        value={Math.min(position, duration)}
        className="h-1 min-w-0 flex-1 overflow-hidden rounded-full bg-line accent-(--accent) [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
      />
      <span className="numbers text-xs text-muted">{whole}</span>
    </div>
  );
}

function Content() {
  const { t } = useLingui();
  const item = useCurrentItem();
  const colour = useCoverColour(item?.cover, item?.album?.id ?? item?.trackId ?? "");
  if (!item) return <p className="p-4 text-muted">{t`The queue is empty`}</p>;
  return (
    <main
      style={colour}
      className="tint-fill relative flex h-dvh flex-col items-center justify-center gap-2 bg-surface px-4 text-ink *:w-full *:max-w-md"
    >
      <div className="flex min-h-0 items-center gap-4">
        <Cover
          image={item.cover}
          alt=""
          seed={item.album?.id ?? item.trackId}
          sizes="72px"
          className="size-18 shrink-0"
        />
        <div className="min-w-0 flex-1">
          <h1 className="truncate font-semibold" dir="auto">
            {item.title}
          </h1>
          <p className="truncate text-sm text-muted" dir="auto">
            {item.artist.name}
          </p>
        </div>
        <PrivateMark />
      </div>
      <Progress />
      <PlayerSays className="absolute inset-x-0 top-0 mx-auto" />
      <div className="flex items-center justify-center gap-4">
        <SkipButton way="previous" />
        <PlayButton />
        <SkipButton way="next" />
      </div>
    </main>
  );
}

/** Its window has a document of its own; what is in it belongs to this page. */
export function MiniPlayer() {
  const window = useMiniWindow((state) => state.window);
  return window ? createPortal(<Content />, window.document.body) : null;
}
