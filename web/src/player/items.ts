/** Entries of the queue, from what is known of their tracks. */
import type { ListedTrack } from "@/shared/api/types";
import { newUuid } from "@/shared/lib/uuid";
import { isLocal } from "./local";
import type { QueueItem } from "./types";

export type Facts = Omit<QueueItem, "key">;

export function factsOf(track: ListedTrack): Facts {
  return {
    trackId: track.id,
    title: track.title,
    artist: track.artist,
    album: track.album,
    trackNumber: track.track_number ?? null,
    cover: track.cover,
    durationMs: track.duration_ms,
    explicit: track.explicit,
  };
}

export const queueItemFromTrack = (track: ListedTrack): QueueItem => ({ key: newUuid(), ...factsOf(track) });

/** Of a track nothing of which is known here yet, or `none`: that is not to be heard. */
export function bareFacts(trackId: string, facts: "unknown" | "none"): Facts {
  const nobody = { id: "", name: "" };
  return { trackId, title: "", artist: nobody, album: null, cover: null, durationMs: null, facts };
}

/** Entries get a new key where theirs is in the queue already: a track may stand in it many times. */
export function withFreshKeys(present: readonly QueueItem[], added: readonly QueueItem[]): QueueItem[] {
  const taken = new Set(present.map((item) => item.key));
  return added.map((item) => {
    const key = taken.has(item.key) ? newUuid() : item.key;
    taken.add(key);
    return { ...item, key };
  });
}

/** The server's entries with the files of this device between them, each behind what it stood behind before. */
export function woven(entries: readonly QueueItem[], before: readonly QueueItem[]): QueueItem[] {
  if (!before.some((item) => isLocal(item.trackId))) return [...entries];
  const there = new Set(entries.map((item) => item.key));
  const behind = new Map<string | null, QueueItem[]>();
  let anchor: string | null = null;
  for (const item of before) {
    if (isLocal(item.trackId)) behind.set(anchor, [...(behind.get(anchor) ?? []), item]);
    else if (there.has(item.key)) anchor = item.key;
  }
  return [...(behind.get(null) ?? []), ...entries.flatMap((item) => [item, ...(behind.get(item.key) ?? [])])];
}

/** Behind what an entry at `index` stands for those who know nothing of this device's files. */
export function placeAt(items: readonly QueueItem[], index: number): { after: string } | { place: "start" } {
  const before = items.slice(0, index).findLast((item) => !isLocal(item.trackId));
  return before ? { after: before.key } : { place: "start" };
}
