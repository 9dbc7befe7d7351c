import { useLingui } from "@lingui/react/macro";
import { Headphones, Pause, Play, SkipForward, VolumeX } from "lucide-react";
import type { Jam } from "@/shared/api/types";
import { codeText } from "@/shared/lib/error-text";
import { clockTime, spokenLength } from "@/shared/lib/format";
import { Button, IconButton } from "@/shared/ui/button";
import { Cover, useCoverColour } from "@/shared/ui/cover";
import { Slider } from "@/shared/ui/slider";
import { useEntryName, useRoomPosition } from "./parts";
import { controls, playOrPause, room, seekTo, skip, skipOrAsk } from "./session";
import { useJam } from "./store";

/** Why one hears nothing, where one should. */
function useSilence(jam: Jam): string | null {
  const { t } = useLingui();
  const { sound, error } = useJam();
  if (error) return codeText(error) ?? t`This track cannot be played here. You stay in step.`;
  if (sound !== "silent") return null;
  const why = jam.current?.silent_because;
  return why === "not_open_to_you"
    ? t`This track is not open to you. You stay in step.`
    : t`This cannot be heard where you are, or not yet. You stay in step.`;
}

function Progress({ jam }: { jam: Jam }) {
  const { t } = useLingui();
  const length = jam.current?.duration_ms ?? 0;
  const position = Math.min(useRoomPosition(), length);
  return (
    <div className="flex items-center gap-3">
      <span className="numbers w-12 text-end text-sm text-muted">{clockTime(position)}</span>
      {controls(jam) ? (
        <Slider
          label={t`Position, for everybody`}
          value={position}
          max={Math.max(1000, length)}
          step={1000}
          onCommit={seekTo}
          valueText={(ms) => spokenLength(ms, "long")}
        />
      ) : (
        <div aria-hidden className="h-1 flex-1 overflow-hidden rounded-full bg-line-strong/45">
          <div className="h-full bg-ink" style={{ inlineSize: `${length > 0 ? (position / length) * 100 : 0}%` }} />
        </div>
      )}
      <span className="numbers w-12 text-sm text-muted">{clockTime(length)}</span>
    </div>
  );
}

/** Asks for the next one, together with others. */
function SkipVote({ jam, me }: { jam: Jam; me: string }) {
  const { t } = useLingui();
  const asking = jam.members.filter((one) => one.skips).length;
  const mine = jam.members.some((one) => one.user_id === me && one.skips);
  const needed = jam.skips_needed;
  if (jam.role === null || !jam.head.current) return null;
  return (
    <Button aria-pressed={mine} onPress={skipOrAsk}>
      <SkipForward aria-hidden className="flip-rtl size-4" />
      {t`Skip this: ${asking} of ${needed}`}
    </Button>
  );
}

export function NowPlaying({ jam, me }: { jam: Jam; me: string }) {
  const { t } = useLingui();
  const sound = useJam((state) => state.sound);
  const { title, artist } = useEntryName(jam.current);
  const colour = useCoverColour(jam.current?.track?.cover, jam.current?.content_id ?? jam.id);
  const silence = useSilence(jam);
  const listens = sound !== "off" && sound !== "blocked";
  return (
    <section
      aria-label={t`What plays`}
      style={colour}
      className="tint-fill tint-vivid grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-4 rounded-lg border border-line p-5 sm:gap-x-7"
    >
      <Cover
        image={jam.current?.track?.cover ?? null}
        alt=""
        seed={jam.current?.content_id ?? jam.id}
        sizes="160px"
        className="size-20 rounded-md sm:row-span-2 sm:size-40"
      />
      <div className="min-w-0 sm:self-end" aria-live="polite">
        <p className="display line-clamp-2 text-xl" dir="auto">
          {title}
        </p>
        <p className="truncate text-muted" dir="auto">
          {artist}
        </p>
      </div>
      <div className="col-span-2 flex flex-col gap-4 sm:col-span-1 sm:self-start">
        <Progress jam={jam} />
        <div className="flex flex-wrap items-center gap-3">
          {listens ? (
            <Button onPress={room.rest}>
              <VolumeX aria-hidden className="size-4" />
              {t`Stop listening along`}
            </Button>
          ) : (
            <Button variant="primary" onPress={room.listen}>
              <Headphones aria-hidden className="size-4" />
              {t`Listen along`}
            </Button>
          )}
          {controls(jam) ? (
            <>
              <IconButton
                label={jam.head.playing ? t`Pause for everybody` : t`Play for everybody`}
                onPress={() => playOrPause()}
              >
                {jam.head.playing ? (
                  <Pause aria-hidden fill="currentColor" className="size-5" />
                ) : (
                  <Play aria-hidden fill="currentColor" className="flip-rtl size-5" />
                )}
              </IconButton>
              <IconButton label={t`Next track for everybody`} onPress={skip} isDisabled={jam.head.current === null}>
                <SkipForward aria-hidden fill="currentColor" className="flip-rtl size-5" />
              </IconButton>
            </>
          ) : (
            <SkipVote jam={jam} me={me} />
          )}
        </div>
        <p role="status" className="text-sm font-semibold text-muted empty:hidden">
          {silence ?? ""}
        </p>
      </div>
    </section>
  );
}
