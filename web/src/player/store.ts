/** What the interface sees of the player. Written by the controller alone. */
import { create } from "zustand";
import type { Loop } from "./loop";
import type { Sleep } from "./sleep";
import type { PlayerError, PlayerStatus, QueueItem, RepeatMode, Waveform } from "./types";

export type PlayerState = {
  queue: QueueItem[];
  /** -1: empty. */
  index: number;
  status: PlayerStatus;
  error: PlayerError | null;
  positionMs: number;
  durationMs: number;
  bufferedMs: number;
  volume: number;
  muted: boolean;
  repeat: RepeatMode;
  shuffle: boolean;
  /** Quality id playing now, e.g. "aac_320". */
  quality: string | null;
  waveform: Waveform | null;
  loudnessGainDb: number;
  /** What ends the music by itself. */
  sleep: Sleep | null;
  /** The passage that is played again and again. */
  loop: Loop | null;
  /** Where a long track has just gone on by itself. */
  wentOnMs: number | null;
};

export const playerStore = create<PlayerState>(() => ({
  queue: [],
  index: -1,
  status: "idle",
  error: null,
  positionMs: 0,
  durationMs: 0,
  bufferedMs: 0,
  volume: 1,
  muted: false,
  repeat: "off",
  shuffle: false,
  quality: null,
  waveform: null,
  loudnessGainDb: 0,
  sleep: null,
  loop: null,
  wentOnMs: null,
}));

export const usePlayer = <T>(selector: (state: PlayerState) => T): T => playerStore(selector);

/** Playing, or about to. */
export const isSounding = (status: PlayerState["status"]): boolean =>
  status === "playing" || status === "loading" || status === "buffering";
