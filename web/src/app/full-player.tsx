import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { BookmarkPlus, ChevronDown, ListMusic } from "lucide-react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components/Modal";
import { player, usePlayer, usePosition, Waveform } from "@/player";
import { api, data } from "@/shared/api/client";
import { clockTime, decimal } from "@/shared/lib/format";
import { queryClient } from "@/shared/lib/query";
import { useSignedIn } from "@/shared/lib/session";
import { IconButton } from "@/shared/ui/button";
import { Cover, useCoverColour } from "@/shared/ui/cover";
import { sayFailure } from "@/shared/ui/say-failure";
import { toast } from "@/shared/ui/toast";
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

export function FullPlayer({ onClose, openQueue }: { onClose: () => void; openQueue: () => void }) {
  const { t } = useLingui();
  const item = useCurrentItem();
  const colour = useCoverColour(item?.cover, item?.album?.id ?? item?.trackId ?? "");
  if (!item) return null;
  return (
    <ModalOverlay isOpen onOpenChange={(open) => !open && onClose()} className="fixed inset-0 z-40 bg-surface">
      <Modal className="h-full outline-none">
        <Dialog
          aria-label={t`Full-screen player`}
          style={colour}
          className="tint-fill tint-vivid flex h-full bg-linear-to-b from-transparent to-sunken flex-col overflow-y-auto outline-none"
        >
          <div className="flex items-center justify-between p-3 sm:p-5">
            <IconButton label={t`Close`} onPress={onClose}>
              <ChevronDown aria-hidden className="size-6" />
            </IconButton>
            <p className="truncate px-3 text-sm font-semibold text-muted" dir="auto">
              {item.album?.title ?? ""}
            </p>
            <IconButton label={t`Queue`} onPress={openQueue}>
              <ListMusic aria-hidden className="flip-rtl size-6" />
            </IconButton>
          </div>
          <div className="mx-auto grid w-full max-w-6xl flex-1 grid-cols-1 content-center items-center gap-x-16 gap-y-8 px-6 pb-10 lg:grid-cols-2 lg:px-12">
            <Cover
              image={item.cover}
              alt=""
              seed={item.album?.id ?? item.trackId}
              sizes="(min-width: 1024px) 520px, 90vw"
              eager
              className="mx-auto w-full max-w-[min(100%,52dvh)] rounded-lg shadow-lift lg:max-w-[min(100%,70dvh)]"
            />
            <div className="flex flex-col gap-6">
              <NowPlayingText large onNavigate={onClose} />
              <Timeline />
              <div className="flex items-center justify-between sm:justify-center sm:gap-5">
                <ShuffleButton />
                <SkipButton way="previous" size="lg" />
                <PlayButton size="lg" />
                <SkipButton way="next" size="lg" />
                <RepeatButton />
              </div>
              <div className="flex flex-col items-center gap-3">
                <div className="flex items-center gap-3">
                  <Volume className="hidden sm:flex" />
                  <BookmarkButton trackId={item.trackId} title={item.title} />
                </div>
                <SoundFacts />
              </div>
            </div>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
