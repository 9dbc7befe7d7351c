/** The queue outlives the page: kept in localStorage, read back once at the start. */
import { type QueueState, emptyQueue } from "./queue";
import { isLocal } from "./local";
import type { QueueItem, RepeatMode } from "./types";

const KEY = "antiphon.player.queue";

export type Remembered = { queue: QueueState; positionMs: number; volume: number; muted: boolean };

const NOTHING: Remembered = { queue: emptyQueue, positionMs: 0, volume: 1, muted: false };

export function recall(): Remembered {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "null") as Partial<Remembered> | null;
    const queue = stored?.queue;
    if (!queue || !Array.isArray(queue.items) || !(queue.index in queue.items)) return { ...NOTHING, ...sound(stored) };
    const items = (queue.items as QueueItem[]).filter((item) => !isLocal(item.trackId));
    const playing = (queue.items as QueueItem[])[queue.index];
    const index = items.findIndex((item) => item.key === playing?.key);
    if (items.length === 0) return { ...NOTHING, ...sound(stored) };
    const repeat: RepeatMode = queue.repeat === "all" || queue.repeat === "one" ? queue.repeat : "off";
    const original = Array.isArray(queue.original) ? queue.original : null;
    return {
      queue: { items, index: Math.max(0, index), original, repeat },
      positionMs: index >= 0 && typeof stored?.positionMs === "number" ? stored.positionMs : 0,
      ...sound(stored),
    };
  } catch {
    return NOTHING;
  }
}

export function remember(state: Remembered): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    // A full storage costs the queue after a reload, never the music now.
  }
}

function sound(stored: Partial<Remembered> | null): { volume: number; muted: boolean } {
  const volume = typeof stored?.volume === "number" ? Math.min(1, Math.max(0, stored.volume)) : 1;
  return { volume, muted: stored?.muted === true };
}
