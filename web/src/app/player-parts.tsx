import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Pause, Play, Repeat, Repeat1, Shuffle, SkipBack, SkipForward, Volume1, Volume2, VolumeX } from "lucide-react";
import { isLocal, player, type PlayerState, usePlayer, usePosition } from "@/player";
import { cx } from "@/shared/lib/class-names";
import { clockTime } from "@/shared/lib/format";
import { IconButton } from "@/shared/ui/button";
import { Spinner } from "@/shared/ui/progress";
import { Slider } from "@/shared/ui/slider";

export const useCurrentItem = () => usePlayer((state) => state.queue[state.index]);
const isBusy = (status: PlayerState["status"]) => status === "loading" || status === "buffering";

export function PlayButton({ size = "md" }: { size?: "md" | "lg" }) {
  const { t } = useLingui();
  const status = usePlayer((state) => state.status);
  const sounding = status === "playing" || isBusy(status);
  return (
    <IconButton
      label={sounding ? t`Pause` : t`Play`}
      onPress={player.toggle}
      variant="primary"
      size={size}
      className={cx("bg-ink! text-surface! hover:opacity-85", size === "lg" && "size-18!")}
    >
      {isBusy(status) ? (
        <Spinner className={size === "lg" ? "size-8" : ""} />
      ) : sounding ? (
        <Pause aria-hidden fill="currentColor" className={size === "lg" ? "size-8" : "size-5"} />
      ) : (
        <Play aria-hidden fill="currentColor" className={cx("flip-rtl", size === "lg" ? "size-8" : "size-5")} />
      )}
    </IconButton>
  );
}

export function SkipButton({ way, size = "md" }: { way: "next" | "previous"; size?: "md" | "lg" }) {
  const { t } = useLingui();
  const Icon = way === "next" ? SkipForward : SkipBack;
  return (
    <IconButton
      label={way === "next" ? t`Next track` : t`Previous track`}
      onPress={way === "next" ? player.next : player.previous}
      size={size}
    >
      <Icon aria-hidden fill="currentColor" className={cx("flip-rtl", size === "lg" ? "size-7" : "size-5")} />
    </IconButton>
  );
}

export function ShuffleButton() {
  const { t } = useLingui();
  const shuffle = usePlayer((state) => state.shuffle);
  return (
    <IconButton label={t`Shuffle`} pressed={shuffle} onPress={() => player.setShuffle(!shuffle)}>
      <Shuffle aria-hidden className="size-5" />
      {shuffle ? <ActiveDot /> : null}
    </IconButton>
  );
}

const nextRepeat = { off: "all", all: "one", one: "off" } as const;

export function RepeatButton() {
  const { t } = useLingui();
  const repeat = usePlayer((state) => state.repeat);
  const labels = { off: t`Repeat: off`, all: t`Repeat: the queue`, one: t`Repeat: this track` };
  const Icon = repeat === "one" ? Repeat1 : Repeat;
  return (
    <IconButton
      label={labels[repeat]}
      onPress={() => player.setRepeat(nextRepeat[repeat])}
      className={repeat === "off" ? "" : "text-accent-text!"}
    >
      <Icon aria-hidden className="size-5" />
      {repeat === "off" ? null : <ActiveDot />}
    </IconButton>
  );
}

/** Colour alone must not tell that something is on. */
export const ActiveDot = () => <span aria-hidden className="absolute bottom-1 size-1 rounded-full bg-current" />;

export function Volume({ className }: { className?: string }) {
  const { t } = useLingui();
  const volume = usePlayer((state) => state.volume);
  const muted = usePlayer((state) => state.muted);
  const Icon = muted || volume === 0 ? VolumeX : volume < 0.5 ? Volume1 : Volume2;
  return (
    <div className={cx("flex items-center gap-1", className)}>
      <IconButton label={muted ? t`Unmute` : t`Mute`} onPress={player.toggleMute}>
        <Icon aria-hidden className="flip-rtl size-5" />
      </IconButton>
      <Slider
        label={t`Volume`}
        value={muted ? 0 : Math.round(volume * 100)}
        max={100}
        onChange={(value) => {
          if (muted) player.toggleMute();
          player.setVolume(value / 100);
        }}
        className="w-24"
      />
    </div>
  );
}

export function SeekBar({ times = true }: { times?: boolean }) {
  const { t } = useLingui();
  const position = usePosition();
  const duration = usePlayer((state) => state.durationMs);
  const buffered = usePlayer((state) => state.bufferedMs);
  const elapsed = clockTime(position);
  const whole = clockTime(duration);
  const spoken = (elapsed: string) => t`${elapsed} of ${whole}`;
  return (
    <div className="flex w-full items-center gap-3">
      {times ? <span className="numbers w-12 text-end text-xs text-muted">{elapsed}</span> : null}
      <Slider
        label={t`Position in the track`}
        value={Math.min(position, duration)}
        max={Math.max(1000, duration)}
        step={1000}
        onCommit={player.seek}
        valueText={(at) => spoken(clockTime(at))}
        {...(duration > 0 ? { ready: buffered / duration } : {})}
      />
      {times ? <span className="numbers w-12 text-xs text-muted">{whole}</span> : null}
    </div>
  );
}

/** High enough for scripts whose letters go far below the line. */
const LARGE = "display text-2xl leading-[1.6]";

export function NowPlayingText({ onNavigate, large }: { onNavigate?: () => void; large?: boolean }) {
  const { t } = useLingui();
  const item = useCurrentItem();
  if (!item) return null;
  if (isLocal(item.trackId)) {
    return (
      <div className="min-w-0">
        <p className={cx("truncate", large ? LARGE : "text-sm leading-6 font-semibold")} dir="auto">
          {item.title}
        </p>
        <p className={cx("truncate text-muted", large ? "mt-1.5 text-lg" : "text-sm leading-6")} dir="auto">
          {item.artist.name || t`On this device`}
        </p>
      </div>
    );
  }
  return (
    <div className="min-w-0">
      <Link
        to="/tracks/$trackId"
        params={{ trackId: item.trackId }}
        onClick={onNavigate}
        className={cx("block truncate rounded-sm hover:underline", large ? LARGE : "text-sm leading-6 font-semibold")}
        dir="auto"
      >
        {item.title}
      </Link>
      <Link
        to="/artists/$artistId"
        params={{ artistId: item.artist.id }}
        onClick={onNavigate}
        className={cx(
          "block truncate rounded-sm text-muted hover:text-ink hover:underline",
          large ? "mt-1.5 text-lg" : "text-sm leading-6",
        )}
        dir="auto"
      >
        {item.artist.name}
      </Link>
    </div>
  );
}
