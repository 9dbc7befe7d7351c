import { useLingui } from "@lingui/react/macro";
import { ChevronUp, ListMusic } from "lucide-react";
import { useEffect } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { usePlayer, usePosition } from "@/player";
import { clockTime } from "@/shared/lib/format";
import { IconButton } from "@/shared/ui/button";
import { Cover, useCoverColour } from "@/shared/ui/cover";
import { toast } from "@/shared/ui/toast";
import { DevicesButton, Elsewhere } from "./devices-button";
import { PlayerMenu, PrivateMark } from "./player-menu";
import {
  NowPlayingText,
  PlayButton,
  RepeatButton,
  SeekBar,
  ShuffleButton,
  SkipButton,
  useCurrentItem,
  Volume,
} from "./player-parts";
import { PlayerSays } from "./player-says";
import { TogetherButton } from "./together-button";
import type { Overlay } from "./shell";

/** A hair of progress on the upper edge, where a phone has no room for the whole slider. */
function ProgressHair() {
  const position = usePosition();
  const duration = usePlayer((state) => state.durationMs);
  return (
    <div aria-hidden className="absolute inset-x-0 top-0 h-0.5 bg-line lg:hidden">
      <div
        className="h-full bg-accent"
        style={{ width: `${duration > 0 ? Math.min(100, (position / duration) * 100) : 0}%` }}
      />
    </div>
  );
}

/** Says that a long track did not begin at its beginning, and how to get there. */
function useWentOn(): void {
  const { t } = useLingui();
  const wentOnMs = usePlayer((state) => state.wentOnMs);
  useEffect(() => {
    if (wentOnMs === null) return;
    const at = clockTime(wentOnMs);
    toast(t`Going on at ${at}, where you left it. “Previous track” starts it from the beginning.`);
  }, [wentOnMs, t]);
}

export function PlayerBar({ open }: { open: (overlay: Overlay) => void }) {
  const { t } = useLingui();
  const openPlayer = () => open("player");
  const item = useCurrentItem();
  useWentOn();
  const colour = useCoverColour(item?.cover, item?.album?.id ?? item?.trackId ?? "");
  if (!item) return null;
  return (
    <section
      aria-label={t`Player`}
      style={colour}
      className="fixed inset-x-0 bottom-(--bar-height) z-30 h-(--player-height) border-t border-line bg-raised"
    >
      <PlayerSays className="absolute inset-x-0 bottom-full" />
      <ProgressHair />
      <div className="flex h-full items-center gap-2 px-3 lg:grid lg:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_minmax(0,1fr)] lg:gap-6 lg:px-5">
        <AriaButton
          onPress={openPlayer}
          className="flex min-w-0 flex-1 items-center gap-3 rounded-md text-start lg:hidden"
        >
          <Cover
            image={item.cover}
            alt=""
            seed={item.album?.id ?? item.trackId}
            sizes="56px"
            className="size-12 shrink-0"
          />
          <span className="min-w-0">
            <span className="sr-only">{t`Open the full-screen player`}</span>
            <span className="block truncate text-sm font-semibold" dir="auto">
              {item.title}
            </span>
            <span className="block truncate text-sm text-muted" dir="auto">
              {item.artist.name}
            </span>
          </span>
        </AriaButton>
        <div className="lg:hidden">
          <Elsewhere open={open} />
        </div>
        <div className="hidden min-w-0 items-center gap-3 lg:flex">
          <AriaButton onPress={openPlayer} aria-label={t`Open the full-screen player`} className="shrink-0 rounded-md">
            <Cover image={item.cover} alt="" seed={item.album?.id ?? item.trackId} sizes="56px" className="size-14" />
          </AriaButton>
          <NowPlayingText />
          <Elsewhere open={open} />
        </div>

        <div className="hidden flex-col items-center gap-0.5 lg:flex">
          <div className="flex items-center gap-2">
            <ShuffleButton />
            <SkipButton way="previous" />
            <PlayButton />
            <SkipButton way="next" />
            <RepeatButton />
          </div>
          <SeekBar />
        </div>

        <div className="hidden items-center justify-end gap-1 lg:flex">
          <Volume className="hidden xl:flex" />
          <TogetherButton />
          <PrivateMark />
          <DevicesButton open={open} />
          <IconButton label={t`Queue`} onPress={() => open("queue")}>
            <ListMusic aria-hidden className="flip-rtl size-5" />
          </IconButton>
          <PlayerMenu open={open} />
          <IconButton label={t`Open the full-screen player`} onPress={openPlayer}>
            <ChevronUp aria-hidden className="size-5" />
          </IconButton>
        </div>

        <div className="flex shrink-0 items-center lg:hidden">
          <PrivateMark />
          <PlayButton />
          <SkipButton way="next" />
        </div>
      </div>
    </section>
  );
}
