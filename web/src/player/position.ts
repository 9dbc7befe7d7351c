/** The position, smooth enough for a bar that glides. */
import { useEffect, useState } from "react";
import { player } from "./player";
import { playerStore, usePlayer } from "./store";

/** Milliseconds into the present track, once an animation frame while playing. */
export function usePosition(): number {
  const playing = usePlayer((state) => state.status === "playing");
  const coarse = usePlayer((state) => state.positionMs);
  const [smooth, setSmooth] = useState(coarse);
  useEffect(() => {
    if (!playing) return;
    let frame = requestAnimationFrame(function draw() {
      setSmooth(Math.min(player.positionMs(), playerStore.getState().durationMs || Number.POSITIVE_INFINITY));
      frame = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing]);
  return playing ? smooth : coarse;
}
