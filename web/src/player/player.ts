import type { Steering } from "./steering";
import { playerStore } from "./store";
import type { QueueItem, RepeatMode } from "./types";

/** What makes sound is not needed for the first paint: it comes when the page has settled, or when it is asked for. */
const SETTLED_MS = 1200;

let steering: Steering | null = null;
let coming: Promise<Steering> | null = null;

function load(): Promise<Steering> {
  const desk = () => import("./desk").then(({ Desk }) => Desk.opened());
  coming ??= Promise.all([import("./controller"), import("./steering"), desk()]).then(
    ([{ PlayerController }, module, opened]) => (steering = new module.Steering(new PlayerController(opened), opened)),
    (error: unknown) => {
      // The network may be back when it is asked for again.
      coming = null;
      throw error;
    },
  );
  return coming;
}

function ask(act: (steering: Steering) => void): void {
  if (steering) act(steering);
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
  playNext: (items: readonly QueueItem[]): void => (taker ? taker(items) : ask((one) => one.local.playNext(items))),
  enqueue: (items: readonly QueueItem[]): void => (taker ? taker(items) : ask((one) => one.local.enqueue(items))),
  toggle: (): void => ask((one) => one.toggle()),
  play: (): void => ask((one) => one.play()),
  pause: (): void => steering?.pause(),
  next: (): void => ask((one) => one.next()),
  previous: (): void => ask((one) => one.previous()),
  seek: (ms: number): void => ask((one) => one.seek(ms)),
  jump: (index: number): void => ask((one) => one.jump(index)),
  remove: (key: string): void => ask((one) => one.local.remove(key)),
  move: (key: string, toIndex: number): void => ask((one) => one.local.move(key, toIndex)),
  clear: (): void => ask((one) => one.local.clear()),
  setVolume: (volume: number): void => ask((one) => one.setVolume(volume)),
  toggleMute: (): void => ask((one) => one.toggleMute()),
  setRepeat: (repeat: RepeatMode): void => ask((one) => one.local.setRepeat(repeat)),
  setShuffle: (on: boolean): void => ask((one) => one.local.setShuffle(on)),
  /** The music ends after so many minutes, with the track, or not by itself. */
  setSleep: (wish: number | "track" | null): void => ask((one) => one.local.setSleep(wish)),
  /** Marks A, then B, then lets the passage go. */
  cycleLoop: (): void => ask((one) => one.local.cycleLoop()),
  /** Asks ahead for a track that a person seems about to play (hover, focus): the first sound comes sooner. */
  prefetch: (trackId: string): void => ask((one) => one.local.prefetch(trackId)),
  /** The music goes to another device of the person, or to this one. Rejects where that device is not here. */
  playOn: async (device: string): Promise<void> => (await load()).playOn(device),
  /** Somebody looks where the music could go. */
  makeReady: (): void => steering?.makeReady(),
  /** On all devices; an empty name lets it go by its own again. */
  renameDevice: async (id: string, name: string): Promise<void> =>
    (await import("./devices/devices")).renameDevice(id, name),
  /** What is known of the entries around this place is about to be shown. */
  lookAt: (index: number): void => steering?.local.lookAt(index),
  /** Where the music is right now, in milliseconds; `usePosition` draws it. */
  positionMs: (): number => steering?.positionMs() ?? playerStore.getState().positionMs,
};
