/** The position, smooth enough for a bar that glides. */
import { useSyncExternalStore } from "react";
import { player } from "./player";
import { playerStore, usePlayer } from "./store";

/** A bar of a thousand pixels moves by half of one meanwhile; to draw at every frame is a quarter of a core's work. */
const STEP_MS = 100;

function whilePlaying(changed: () => void): () => void {
  const timer = setInterval(changed, STEP_MS);
  return () => clearInterval(timer);
}

const never = () => () => undefined;

function reached(): number {
  const durationMs = playerStore.getState().durationMs || Number.POSITIVE_INFINITY;
  return Math.floor(Math.min(player.positionMs(), durationMs) / STEP_MS) * STEP_MS;
}

/** Milliseconds into the present track, ten times a second while playing. */
export function usePosition(): number {
  const playing = usePlayer((state) => state.status === "playing");
  const coarse = usePlayer((state) => state.positionMs);
  const smooth = useSyncExternalStore(playing ? whilePlaying : never, reached);
  return playing ? smooth : coarse;
}
