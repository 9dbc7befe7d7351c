/** What follows by itself, and what is passed over. */
import { session } from "@/shared/lib/session";
import type { NextTrack } from "./engine/engine";
import * as queue from "./queue";
import { playerSettings } from "./settings";
import type { QueueItem } from "./types";

/** Nothing is to be heard of it, or its person leaves out what is marked explicit: the server would refuse it. */
export function passedOver(item: QueueItem): boolean {
  if (item.facts === "none") return true;
  return item.explicit === true && session.signedIn() && !playerSettings.get().explicit;
}

/**
 * What the engine goes on with when the present entry is over; null: with nothing. `begins`: where a track begins that
 * is not begun anew, in milliseconds.
 */
export function nextTrack(state: queue.QueueState, begins: (item: QueueItem) => number): NextTrack | null {
  const item = queue.current(state);
  const next = state.items[queue.indexAfterEnd(state, passedOver)];
  if (!item || !next) return null;
  const joined = playerSettings.get().keepAlbums && queue.followsOnAlbum(item, next);
  const at = next.trackId === item.trackId ? 0 : begins(next) / 1000;
  return { key: next.key, trackId: next.trackId, fades: !joined && next.key !== item.key, at };
}
