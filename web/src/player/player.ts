import { PlayerController } from "./controller";
import type { QueueItem, RepeatMode } from "./types";

const controller = new PlayerController();

/** The one player of this page. Its commands may be handed on as they are. */
export const player = {
  playNow: (items: readonly QueueItem[], startIndex = 0): void => controller.playNow(items, startIndex),
  playNext: (items: readonly QueueItem[]): void => controller.playNext(items),
  enqueue: (items: readonly QueueItem[]): void => controller.enqueue(items),
  toggle: (): void => controller.toggle(),
  play: (): void => controller.play(),
  pause: (): void => controller.pause(),
  next: (): void => controller.next(),
  previous: (): void => controller.previous(),
  seek: (ms: number): void => controller.seek(ms),
  jump: (index: number): void => controller.jump(index),
  remove: (key: string): void => controller.remove(key),
  move: (key: string, toIndex: number): void => controller.move(key, toIndex),
  clear: (): void => controller.clear(),
  setVolume: (volume: number): void => controller.setVolume(volume),
  toggleMute: (): void => controller.toggleMute(),
  setRepeat: (repeat: RepeatMode): void => controller.setRepeat(repeat),
  setShuffle: (on: boolean): void => controller.setShuffle(on),
  /** Asks ahead for a track that a person seems about to play (hover, focus): the first sound comes sooner. */
  prefetch: (trackId: string): void => controller.prefetch(trackId),
  /** Where the music is right now, in milliseconds; `usePosition` draws it. */
  positionMs: (): number => controller.positionMs(),
};
