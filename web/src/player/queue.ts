/**
 * The queue as pure functions: a state goes in, a new state comes out, nothing else happens.
 *
 * `items` is the order of playing. While shuffled, `original` remembers the keys in the order they had before, so that
 * switching shuffle off restores it, with what was added or removed meanwhile.
 */
import type { QueueItem, RepeatMode } from "./types";

export type QueueState = {
  items: readonly QueueItem[];
  index: number;
  original: readonly string[] | null;
  repeat: RepeatMode;
};

/** Of which entries nothing is heard when their turn comes. */
export type PassedOver = (item: QueueItem) => boolean;
const isNothing: PassedOver = (item) => item.facts === "none";

export const emptyQueue: QueueState = { items: [], index: -1, original: null, repeat: "off" };

export function current(state: QueueState): QueueItem | null {
  return state.items[state.index] ?? null;
}

/** Where playing goes when the present track ends by itself; -1: nowhere. */
export function indexAfterEnd(state: QueueState, over = isNothing): number {
  if (state.index < 0) return -1;
  if (state.repeat === "one") return state.index;
  return indexOfNext(state, over);
}

/** Where the "next" button goes; -1: nowhere. Repeating one track does not hold a person there. */
export function indexOfNext(state: QueueState, over = isNothing): number {
  if (state.index < 0) return -1;
  const later = state.items.findIndex((item, place) => place > state.index && !over(item));
  if (later >= 0) return later;
  return state.repeat === "off" ? -1 : state.items.findIndex((item) => !over(item));
}

/** Where the "previous" button goes; -1: nowhere. */
export function indexOfPrevious(state: QueueState, over = isNothing): number {
  if (state.index < 0) return -1;
  const before = state.items.findLastIndex((item, place) => place < state.index && !over(item));
  if (before >= 0) return before;
  const last = state.repeat === "all" ? state.items.findLastIndex((item) => !over(item)) : -1;
  return last >= 0 ? last : state.index;
}

/** Whether the second follows the first on one album: there nothing is faded that the artist has joined. */
export function followsOnAlbum(first: QueueItem, second: QueueItem): boolean {
  if (!first.album || first.album.id !== second.album?.id) return false;
  const [before, after] = [first.trackNumber ?? null, second.trackNumber ?? null];
  return before === null || after === null || after === before + 1;
}

export function replace(
  state: QueueState,
  items: readonly QueueItem[],
  startIndex: number,
  random: () => number = Math.random,
): QueueState {
  if (items.length === 0) return { ...emptyQueue, repeat: state.repeat };
  const index = clamp(startIndex, 0, items.length - 1);
  const fresh: QueueState = { ...state, items: [...items], index, original: null };
  return state.original ? shuffle(fresh, random) : fresh;
}

export function insertNext(state: QueueState, added: readonly QueueItem[]): QueueState {
  if (added.length === 0) return state;
  if (state.items.length === 0)
    return { ...state, items: [...added], index: 0, original: state.original && keys(added) };
  const at = state.index + 1;
  const playing = current(state);
  const original =
    state.original && spliced(state.original, (playing ? state.original.indexOf(playing.key) : -1) + 1, keys(added));
  return { ...state, items: spliced(state.items, at, added), original };
}

export function append(state: QueueState, added: readonly QueueItem[]): QueueState {
  if (added.length === 0) return state;
  return {
    ...state,
    items: [...state.items, ...added],
    index: state.index < 0 ? 0 : state.index,
    original: state.original && [...state.original, ...keys(added)],
  };
}

/** Without the entry. Where it was the playing one, the one that followed it takes its place. */
export function remove(state: QueueState, key: string): QueueState {
  const at = state.items.findIndex((item) => item.key === key);
  if (at < 0) return state;
  const items = state.items.filter((item) => item.key !== key);
  const index = at < state.index ? state.index - 1 : Math.min(state.index, items.length - 1);
  return { ...state, items, index, original: state.original && state.original.filter((other) => other !== key) };
}

export function move(state: QueueState, key: string, toIndex: number): QueueState {
  const from = state.items.findIndex((item) => item.key === key);
  const moved = state.items[from];
  if (!moved) return state;
  const playing = current(state)?.key;
  const rest = state.items.filter((item) => item.key !== key);
  const items = spliced(rest, clamp(toIndex, 0, rest.length), [moved]);
  return { ...state, items, index: items.findIndex((item) => item.key === playing) };
}

export function jump(state: QueueState, index: number): QueueState {
  return index >= 0 && index < state.items.length ? { ...state, index } : state;
}

/** The playing entry comes first, the others follow in random order. */
export function shuffle(state: QueueState, random: () => number = Math.random): QueueState {
  const playing = current(state);
  const rest = state.items.filter((item) => item !== playing);
  for (let last = rest.length - 1; last > 0; last -= 1) {
    const pick = Math.floor(random() * (last + 1));
    const held = rest[last] as QueueItem;
    rest[last] = rest[pick] as QueueItem;
    rest[pick] = held;
  }
  return {
    ...state,
    items: playing ? [playing, ...rest] : rest,
    index: playing ? 0 : -1,
    original: state.original ?? keys(state.items),
  };
}

export function unshuffle(state: QueueState): QueueState {
  if (!state.original) return state;
  const rank = new Map(state.original.map((key, position) => [key, position]));
  const playing = current(state)?.key;
  const items = [...state.items].sort((a, b) => (rank.get(a.key) ?? 0) - (rank.get(b.key) ?? 0));
  return { ...state, items, index: items.findIndex((item) => item.key === playing), original: null };
}

function keys(items: readonly QueueItem[]): string[] {
  return items.map((item) => item.key);
}

function spliced<T>(list: readonly T[], at: number, added: readonly T[]): T[] {
  return [...list.slice(0, at), ...added, ...list.slice(at)];
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
