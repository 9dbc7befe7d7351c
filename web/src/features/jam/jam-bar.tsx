import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Headphones, Pause, Play, SkipForward, VolumeX, X } from "lucide-react";
import type { Jam } from "@/shared/api/types";
import { IconButton } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { useJamCommands } from "./commands";
import { useEntryName } from "./parts";
import { controls, playOrPause, room, skip } from "./session";
import { useJam } from "./store";

/** The player's bar while one is in a room; `mark` says what holds for this person alone. */
export function JamBar({ jam, mark }: { jam: Jam; mark: ReactNode }) {
  const { t } = useLingui();
  const { sound, code } = useJam();
  const { title } = useEntryName(jam.current);
  useJamCommands(jam);
  const here = jam.members.filter((one) => one.here).length;
  const listens = sound !== "off" && sound !== "blocked";
  return (
    <section
      aria-label={t`Player`}
      className="fixed inset-x-0 bottom-(--bar-height) z-30 flex h-(--player-height) items-center gap-3 border-t border-line bg-raised px-3 lg:px-5"
    >
      <Cover
        image={jam.current?.track?.cover ?? null}
        alt=""
        seed={jam.current?.content_id ?? jam.id}
        sizes="56px"
        className="size-12 shrink-0 lg:size-14"
      />
      <div className="min-w-0 flex-1">
        <Link
          to="/jam/$code"
          params={{ code: code ?? jam.id }}
          className="block w-fit max-w-full truncate rounded-sm text-sm leading-6 font-semibold hover:underline"
          dir="auto"
        >
          {title}
        </Link>
        <p className="truncate text-sm text-muted">{t`Listening together: ${here}`}</p>
      </div>
      {mark}
      <IconButton
        label={listens ? t`Stop listening along` : t`Listen along`}
        onPress={listens ? room.rest : room.listen}
      >
        {listens ? <VolumeX aria-hidden className="size-5" /> : <Headphones aria-hidden className="size-5" />}
      </IconButton>
      {controls(jam) ? (
        <>
          <IconButton
            label={jam.head.playing ? t`Pause for everybody` : t`Play for everybody`}
            variant="primary"
            className="bg-ink! text-surface! hover:opacity-85"
            onPress={() => playOrPause()}
          >
            {jam.head.playing ? (
              <Pause aria-hidden fill="currentColor" className="size-5" />
            ) : (
              <Play aria-hidden fill="currentColor" className="flip-rtl size-5" />
            )}
          </IconButton>
          <IconButton label={t`Next track for everybody`} onPress={skip} className="max-sm:hidden">
            <SkipForward aria-hidden fill="currentColor" className="flip-rtl size-5" />
          </IconButton>
        </>
      ) : null}
      <IconButton label={t`Leave the room`} onPress={() => void room.leave()}>
        <X aria-hidden className="size-5" />
      </IconButton>
    </section>
  );
}
