import type { PlayerController } from "./controller";
import { playerStore } from "./store";
import type { QueueItem, RepeatMode } from "./types";

/** What makes sound is not needed for the first paint: it comes when the page has settled, or when it is asked for. */
const SETTLED_MS = 1200;

let controller: PlayerController | null = null;
let coming: Promise<PlayerController> | null = null;

function load(): Promise<PlayerController> {
  coming ??= import("./controller").then(
    (module) => (controller = new module.PlayerController()),
    (error: unknown) => {
      // The network may be back when it is asked for again.
      coming = null;
      throw error;
    },
  );
  return coming;
}

function ask(act: (controller: PlayerController) => void): void {
  if (controller) act(controller);
  else void load().then(act, () => playerStore.setState({ error: { code: "playback_failed", detail: "" } }));
}

addEventListener("load", () => setTimeout(() => void load().catch(() => undefined), SETTLED_MS));

/** Who takes what is to be queued, while that is not this player. */
let taker: ((items: readonly QueueItem[]) => void) | null = null;

/** What is added to the queue goes there instead, until the answer is called. */
export function queueElsewhere(take: (items: readonly QueueItem[]) => void): () => void {
  taker = take;
  return () => {
    if (taker === take) taker = null;
  };
}

/** The one player of this page. Its commands may be handed on as they are. */
export const player = {
  playNow: (items: readonly QueueItem[], startIndex = 0): void => ask((one) => one.playNow(items, startIndex)),
  playNext: (items: readonly QueueItem[]): void => (taker ? taker(items) : ask((one) => one.playNext(items))),
  enqueue: (items: readonly QueueItem[]): void => (taker ? taker(items) : ask((one) => one.enqueue(items))),
  toggle: (): void => ask((one) => one.toggle()),
  play: (): void => ask((one) => one.play()),
  pause: (): void => controller?.pause(),
  next: (): void => ask((one) => one.next()),
  previous: (): void => ask((one) => one.previous()),
  seek: (ms: number): void => ask((one) => one.seek(ms)),
  jump: (index: number): void => ask((one) => one.jump(index)),
  remove: (key: string): void => ask((one) => one.remove(key)),
  move: (key: string, toIndex: number): void => ask((one) => one.move(key, toIndex)),
  clear: (): void => ask((one) => one.clear()),
  setVolume: (volume: number): void => ask((one) => one.setVolume(volume)),
  toggleMute: (): void => ask((one) => one.toggleMute()),
  setRepeat: (repeat: RepeatMode): void => ask((one) => one.setRepeat(repeat)),
  setShuffle: (on: boolean): void => ask((one) => one.setShuffle(on)),
  /** The music ends after so many minutes, with the track, or not by itself. */
  setSleep: (wish: number | "track" | null): void => ask((one) => one.setSleep(wish)),
  /** Marks A, then B, then lets the passage go. */
  cycleLoop: (): void => ask((one) => one.cycleLoop()),
  /** Asks ahead for a track that a person seems about to play (hover, focus): the first sound comes sooner. */
  prefetch: (trackId: string): void => ask((one) => one.prefetch(trackId)),
  /** Where the music is right now, in milliseconds; `usePosition` draws it. */
  positionMs: (): number => controller?.positionMs() ?? playerStore.getState().positionMs,
};
