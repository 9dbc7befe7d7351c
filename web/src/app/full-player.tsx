import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { BookmarkPlus, ChevronDown, ListMusic, MicVocal, Moon, Repeat2, SlidersHorizontal } from "lucide-react";
import { Suspense, useState } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components/Modal";
import { isLocal, player, usePlayer, usePosition, Waveform } from "@/player";
import { api, data } from "@/shared/api/client";
import { clockTime, decimal } from "@/shared/lib/format";
import { queryClient } from "@/shared/lib/query";
import { useSignedIn } from "@/shared/lib/session";
import { LyricsPane } from "@/features/browse/lyrics/load";
import { trackQuery } from "@/features/browse/api/queries";
import { IconButton } from "@/shared/ui/button";
import { Cover, useCoverColour } from "@/shared/ui/cover";
import { sayFailure } from "@/shared/ui/say-failure";
import { toast } from "@/shared/ui/toast";
import type { Overlay } from "./shell";
import { TogetherButton } from "./together-button";
import { DevicesButton, Elsewhere } from "./devices-button";
import { PlayerMenu, PrivateMark } from "./player-menu";
import { PlayerSays } from "./player-says";
import { useSwipeDown } from "./swipe";
import {
  ActiveDot,
  NowPlayingText,
  PlayButton,
  RepeatButton,
  SeekBar,
  ShuffleButton,
  SkipButton,
  useCurrentItem,
  Volume,
} from "./player-parts";

/** Where the passage lies that is played again and again. */
function LoopMark() {
  const loop = usePlayer((state) => state.loop);
  const duration = usePlayer((state) => state.durationMs);
  // Its room is kept, so that nothing moves under the finger that marks.
  if (loop === null || duration <= 0) return <span aria-hidden className="h-1" />;
  const share = (ms: number) => `${(Math.min(ms, duration) / duration) * 100}%`;
  return (
    <span aria-hidden className="relative h-1">
      <span
        className="absolute h-full min-w-1 rounded-full bg-accent"
        style={{ insetInlineStart: share(loop.a), inlineSize: share((loop.b ?? loop.a) - loop.a) }}
      />
    </span>
  );
}

function Timeline() {
  const position = usePosition();
  const duration = usePlayer((state) => state.durationMs);
  const waveform = usePlayer((state) => state.waveform);
  return (
    <div className="flex flex-col gap-1">
      {waveform ? (
        <Waveform
          peaks={waveform.peaks}
          rms={waveform.rms}
          durationMs={duration}
          progress={duration > 0 ? position / duration : 0}
          onSeek={(fraction) => player.seek(fraction * duration)}
          color="var(--vivid)"
          className="h-20!"
        />
      ) : (
        <SeekBar times={false} />
      )}
      <LoopMark />
      <div className="numbers flex justify-between text-sm text-muted">
        <span>{clockTime(position)}</span>
        <span>{clockTime(duration)}</span>
      </div>
    </div>
  );
}

/** Marks the place that is heard; it waits on the page of what one listens to. Guests see none. */
function BookmarkButton({ trackId, title }: { trackId: string; title: string }) {
  const { t } = useLingui();
  const signedIn = useSignedIn();
  const mark = useMutation({
    mutationFn: () =>
      data(
        api.PUT("/api/v1/stream/bookmarks/{content_id}", {
          params: { path: { content_id: trackId } },
          body: { position_ms: Math.max(0, Math.round(player.positionMs())), comment: "" },
        }),
      ),
    onSuccess: async () => {
      toast(t`The place is marked`, "success");
      await queryClient.invalidateQueries({ queryKey: ["bookmarks"] });
    },
    onError: sayFailure,
  });
  if (!signedIn) return null;
  return (
    <IconButton label={t`Mark this place in ${title}`} onPress={() => mark.mutate()} isPending={mark.isPending}>
      <BookmarkPlus aria-hidden className="size-5" />
    </IconButton>
  );
}

function SoundFacts() {
  const { t } = useLingui();
  const quality = usePlayer((state) => state.quality);
  const gain = usePlayer((state) => state.loudnessGainDb);
  const decibels = gain > 0 ? `+${decimal(gain)}` : decimal(gain);
  const [codec, rate] = (quality ?? "").split("_");
  const facts = [
    codec === "flac" ? t`Lossless` : codec ? `${codec.toUpperCase()} ${rate ?? ""}`.trim() : null,
    quality && Math.abs(gain) >= 0.1 ? t`Loudness ${decibels} dB` : null,
  ].filter(Boolean);
  return <p className="numbers min-h-5 text-center text-sm text-muted">{facts.join(" · ")}</p>;
}

/** A passage again and again; the two places are shown where they are marked. */
function LoopButton() {
  const { t } = useLingui();
  const loop = usePlayer((state) => state.loop);
  const [from, to] = [clockTime(loop?.a ?? 0), clockTime(loop?.b ?? 0)];
  const label =
    loop === null ? t`Loop: mark A` : loop.b === null ? t`Loop from ${from}: mark B` : t`Loop ${from}–${to}: let go`;
  return (
    <IconButton label={label} pressed={loop !== null} onPress={player.cycleLoop}>
      <Repeat2 aria-hidden className="size-5" />
      {loop === null ? null : <ActiveDot />}
    </IconButton>
  );
}

function SleepMark() {
  const { t } = useLingui();
  const sleep = usePlayer((state) => state.sleep);
  if (sleep === null) return null;
  return (
    <IconButton label={t`Switch the sleep timer off`} pressed onPress={() => player.setSleep(null)}>
      <Moon aria-hidden className="size-5" />
      <ActiveDot />
    </IconButton>
  );
}

function LyricsOfTrack({ trackId }: { trackId: string }) {
  const track = useQuery(trackQuery(trackId));
  return track.data ? <LyricsPane track={track.data} className="mx-auto w-full max-w-xl" /> : null;
}

export function FullPlayer({ onClose, open }: { onClose: () => void; open: (overlay: Overlay) => void }) {
  const { t } = useLingui();
  const [lyrics, setLyrics] = useState(false);
  const swipe = useSwipeDown(onClose);
  const item = useCurrentItem();
  const colour = useCoverColour(item?.cover, item?.album?.id ?? item?.trackId ?? "");
  if (!item) return null;
  return (
    <ModalOverlay isOpen onOpenChange={(open) => !open && onClose()} className="fixed inset-0 z-40 bg-surface">
      <Modal className="h-full outline-none">
        <Dialog
          aria-label={t`Full-screen player`}
          style={colour}
          {...swipe}
          className="tint-fill tint-vivid flex h-full bg-linear-to-b from-transparent to-sunken flex-col overflow-y-auto outline-none"
        >
          <div className="grid grid-cols-[1fr_minmax(0,auto)_1fr] items-center p-3 sm:p-5">
            <IconButton label={t`Close`} onPress={onClose} className="justify-self-start">
              <ChevronDown aria-hidden className="size-6" />
            </IconButton>
            <p className="min-w-0 truncate px-3 text-sm font-semibold text-muted" dir="auto">
              {item.album?.title ?? ""}
            </p>
            <div className="flex items-center justify-self-end">
              <DevicesButton open={open} />
              <IconButton label={t`Queue`} onPress={() => open("queue")}>
                <ListMusic aria-hidden className="flip-rtl size-6" />
              </IconButton>
            </div>
          </div>
          <div className="mx-auto grid w-full max-w-6xl flex-1 grid-cols-1 content-center items-center gap-x-16 gap-y-8 px-6 pb-10 lg:grid-cols-2 lg:px-12">
            {lyrics && !isLocal(item.trackId) ? (
              <Suspense fallback={null}>
                <LyricsOfTrack trackId={item.trackId} />
              </Suspense>
            ) : (
              <Cover
                image={item.cover}
                alt=""
                seed={item.album?.id ?? item.trackId}
                sizes="(min-width: 1024px) 520px, 90vw"
                eager
                className="mx-auto w-full max-w-[min(100%,52dvh)] rounded-lg shadow-lift lg:max-w-[min(100%,70dvh)]"
              />
            )}
            <div className="flex flex-col gap-6">
              <NowPlayingText large onNavigate={onClose} />
              <PlayerSays className="rounded-md" />
              <Timeline />
              <div className="flex items-center justify-between sm:justify-center sm:gap-5">
                <ShuffleButton />
                <SkipButton way="previous" size="lg" />
                <PlayButton size="lg" />
                <SkipButton way="next" size="lg" />
                <RepeatButton />
              </div>
              <div className="flex flex-col items-center gap-3">
                <div className="flex flex-wrap items-center justify-center gap-x-1 sm:gap-x-3">
                  <Volume className="hidden sm:flex" />
                  <IconButton label={t`Lyrics`} pressed={lyrics} onPress={() => setLyrics(!lyrics)}>
                    <MicVocal aria-hidden className="size-5" />
                    {lyrics ? <ActiveDot /> : null}
                  </IconButton>
                  <LoopButton />
                  {isLocal(item.trackId) ? null : <BookmarkButton trackId={item.trackId} title={item.title} />}
                  <IconButton label={t`Sound`} onPress={() => open("sound")}>
                    <SlidersHorizontal aria-hidden className="size-5" />
                  </IconButton>
                  <TogetherButton onDone={onClose} />
                  <SleepMark />
                  <PrivateMark />
                  <PlayerMenu />
                </div>
                <SoundFacts />
                <Elsewhere open={open} named />
              </div>
            </div>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
