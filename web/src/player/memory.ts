/**
 * The queue outlives the page. The list is in IndexedDB, which has room for ten thousand entries, under the person's id
 * or `guest`; the place in it is small and often written, and goes where it can still be written when the page closes.
 */
import { disk } from "@/shared/lib/disk";
import { isLocal } from "./local";
import { emptyQueue, type QueueState } from "./queue";
import type { Pending } from "./sync/link";
import type { QueueItem, RepeatMode } from "./types";

/** Where versions before 0.6 kept all of it. */
const OLD_KEY = "antiphon.player.queue";
const PLACE_KEY = "antiphon.player.place";
const SOUND_KEY = "antiphon.player.sound";
const LISTS = "lists";
const UNTOLD = "untold";

const within = disk("antiphon.player", (database) => {
  database.createObjectStore(LISTS);
  database.createObjectStore(UNTOLD);
});

export type List = {
  items: readonly QueueItem[];
  original: readonly string[] | null;
  /** Of the queue on the server where this is all of it; null: a guess, or nobody's but this device's. */
  revision: number | null;
  /** The server has not heard of it yet. */
  ours: boolean;
};
type Place = { key: string | null; positionMs: number; repeat: RepeatMode };
export type Recalled = { queue: QueueState; positionMs: number; revision: number | null; ours: boolean };
type Sound = { volume: number; muted: boolean };

const NOTHING: Recalled = { queue: emptyQueue, positionMs: 0, revision: null, ours: false };

/** Nothing where this browser keeps nothing: that costs the queue after a reload, never the music. */
export async function recall(owner: string): Promise<Recalled> {
  try {
    await moveOld(owner);
    const list = await within([LISTS], "readonly", (at) => at.objectStore(LISTS).get(owner) as IDBRequest<List>);
    return list ? recalled(list, place(owner)) : NOTHING;
  } catch {
    return NOTHING;
  }
}

/** Files of the device are gone with the page that had opened them. */
function recalled(list: List, { key, positionMs, repeat }: Place): Recalled {
  const items = list.items.filter((item) => !isLocal(item.trackId));
  const at = items.findIndex((item) => item.key === key);
  const index = at < 0 && items.length > 0 ? 0 : at;
  const queue = { items, index, original: list.original, repeat };
  return { queue, positionMs: at < 0 ? 0 : positionMs, revision: list.revision, ours: list.ours };
}

/** What an earlier version kept belongs to whoever uses this device now, and is given up when it has arrived here. */
async function moveOld(owner: string): Promise<void> {
  const old = read<{ queue?: Partial<QueueState>; positionMs?: number } & Partial<Sound>>(OLD_KEY);
  if (old === null) return;
  const { items, index, original, repeat } = old.queue ?? {};
  if (Array.isArray(items) && items.length > 0) {
    const kept = { items, original: original ?? null, revision: null, ours: true };
    await within([LISTS], "readwrite", (at) => at.objectStore(LISTS).put(kept, owner));
    const key = (items as QueueItem[])[index ?? 0]?.key ?? null;
    keepPlace(owner, { key, positionMs: old.positionMs ?? 0, repeat: repeat ?? "off" });
  }
  keepSound({ volume: old.volume ?? 1, muted: old.muted === true });
  localStorage.removeItem(OLD_KEY);
}

export async function keepList(owner: string, list: List): Promise<void> {
  if (!("indexedDB" in globalThis)) return;
  await within([LISTS], "readwrite", (at) => at.objectStore(LISTS).put(list, owner)).catch(() => undefined);
}

export async function forgetList(owner: string): Promise<void> {
  if (!("indexedDB" in globalThis)) return;
  await within([LISTS], "readwrite", (at) => at.objectStore(LISTS).delete(owner)).catch(() => undefined);
}

export async function untold(owner: string): Promise<Pending[]> {
  if (!("indexedDB" in globalThis)) return [];
  const found = within([UNTOLD], "readonly", (at) => at.objectStore(UNTOLD).get(owner) as IDBRequest<Pending[]>);
  return (await found.catch(() => undefined)) ?? [];
}

export async function keepUntold(owner: string, pending: readonly Pending[]): Promise<void> {
  if (!("indexedDB" in globalThis)) return;
  await within([UNTOLD], "readwrite", (at) => at.objectStore(UNTOLD).put(pending, owner)).catch(() => undefined);
}

function place(owner: string): Place {
  const found = read<Place & { owner: string }>(PLACE_KEY);
  if (found?.owner !== owner) return { key: null, positionMs: 0, repeat: "off" };
  const repeat = found.repeat === "all" || found.repeat === "one" ? found.repeat : "off";
  return { key: found.key, positionMs: typeof found.positionMs === "number" ? found.positionMs : 0, repeat };
}

export const keepPlace = (owner: string, place: Place): void => write(PLACE_KEY, { owner, ...place });

export function recallSound(): Sound {
  const found = read<Partial<Sound>>(SOUND_KEY);
  const volume = typeof found?.volume === "number" ? Math.min(1, Math.max(0, found.volume)) : 1;
  return { volume, muted: found?.muted === true };
}

export const keepSound = (sound: Sound): void => write(SOUND_KEY, sound);

function read<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}

function write(key: string, value: object): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full storage costs the place after a reload, never the music now.
  }
}
