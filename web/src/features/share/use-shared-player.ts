import { type RefObject, useCallback, useEffect, useReducer, useRef } from "react";
import type { Track } from "@/shared/api/types";
import { sayFailure } from "@/shared/ui/say-failure";
import { soundOf } from "./queries";

type State = { index: number; sounding: boolean; loading: boolean; positionMs: number };
const STILL: State = { index: -1, sounding: false, loading: false, positionMs: 0 };

export type SharedPlayer = State & {
  audio: RefObject<HTMLAudioElement | null>;
  toggle: (index: number) => void;
  step: (by: number) => void;
  seek: (positionMs: number) => void;
};

/** Plays the tracks of a link one after the other. A visitor has no queue, no settings and no history to keep. */
export function useSharedPlayer(shareId: string, tracks: readonly Track[]): SharedPlayer {
  const audio = useRef<HTMLAudioElement>(null);
  const wanted = useRef(-1);
  const [state, change] = useReducer((before: State, next: Partial<State>): State => ({ ...before, ...next }), STILL);

  const start = useCallback(
    async (index: number) => {
      const element = audio.current;
      const track = tracks[index];
      if (!element || !track) return;
      wanted.current = index;
      element.pause();
      change({ index, loading: true, sounding: false, positionMs: 0 });
      try {
        const url = await soundOf(shareId, track.id, (mime) => element.canPlayType(mime) !== "");
        if (wanted.current !== index) return;
        element.src = url;
        await element.play();
      } catch (error) {
        // Another track was chosen meanwhile, or the press came too long ago for the browser.
        const overtaken = error instanceof DOMException && ["AbortError", "NotAllowedError"].includes(error.name);
        if (wanted.current === index && !overtaken) sayFailure(error);
      } finally {
        if (wanted.current === index) change({ loading: false });
      }
    },
    [shareId, tracks],
  );

  useEffect(() => {
    const element = audio.current;
    if (!element) return;
    const listeners = {
      play: () => change({ sounding: true }),
      pause: () => change({ sounding: false }),
      timeupdate: () => change({ positionMs: element.currentTime * 1000 }),
      ended: () => void (wanted.current + 1 < tracks.length ? start(wanted.current + 1) : undefined),
    };
    for (const [name, listener] of Object.entries(listeners)) element.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) element.removeEventListener(name, listener);
    };
  }, [start, tracks.length]);

  return {
    ...state,
    audio,
    toggle: (index) => {
      const element = audio.current;
      if (index !== state.index || !element?.src) void start(index);
      else if (element.paused) void element.play().catch(() => start(index));
      else element.pause();
    },
    step: (by) => void start(Math.min(tracks.length - 1, Math.max(0, state.index + by))),
    seek: (positionMs) => {
      if (audio.current) audio.current.currentTime = positionMs / 1000;
    },
  };
}
