/** While one is in a room, the keys that play and pause are for the room. */
import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import type { Jam } from "@/shared/api/types";
import { arrow, type Command, useCommands } from "@/shared/lib/commands";
import { controls, playOrPause, room, seekTo, skipOrAsk } from "./session";

const STEP_MS = 10_000;
const ARROW_STEP_MS = 5_000;

const moveBy = (ms: number): void => seekTo(room.positionMs() + ms);

export function useJamCommands(jam: Jam): void {
  const { t } = useLingui();
  const decides = controls(jam);
  const guest = jam.role === null;
  const commands = useMemo<Command[]>(() => {
    const group = t`Listening together`;
    const one = (id: string, label: string, key: string, run: () => void): Command => ({
      id: `jam.${id}`,
      label,
      group,
      keys: [key],
      run,
    });
    const listen = decides ? t`Play or pause for everybody` : t`Listen along, or stop`;
    const listening: Command = { ...one("toggle", listen, "space", () => playOrPause()), keys: ["space", "k"] };
    if (guest) return [listening];
    const next = decides ? t`Next track for everybody` : t`Ask for the next track`;
    const all = [listening, one("next", next, "n", skipOrAsk)];
    if (!decides) return all;
    return [
      ...all,
      one("forward", t`10 seconds forward for everybody`, "l", () => moveBy(STEP_MS)),
      one("back", t`10 seconds back for everybody`, "j", () => moveBy(-STEP_MS)),
      one("right", t`5 seconds to the right for everybody`, "right", () => moveBy(arrow("right") * ARROW_STEP_MS)),
      one("left", t`5 seconds to the left for everybody`, "left", () => moveBy(arrow("left") * ARROW_STEP_MS)),
    ];
  }, [t, decides, guest]);
  useCommands(commands);
}
