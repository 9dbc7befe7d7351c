/**
 * The queue that is shown and played. What is done here shows at once; where somebody is signed in, the server hears of
 * it, and what other devices did comes in. A guest's queue is this device's alone.
 */
import type { QueueCommand, SavedQueue, Track } from "@/shared/api/types";
import { session } from "@/shared/lib/session";
import { newUuid } from "@/shared/lib/uuid";
import { bareFacts, factsOf, type Facts, placeAt, withFreshKeys, woven } from "./items";
import { isLocal } from "./local";
import { forgetList, keepList, keepPlace, keepUntold, recall, type Recalled, untold } from "./memory";
import * as queue from "./queue";
import type { Copy } from "./sync/copy";
import { Head } from "./sync/head";
import { QueueLink } from "./sync/link";
import type { QueueItem, RepeatMode } from "./types";

const GUEST = "guest";
const LIST_MS = 800;
const SOCKET_MS = 2_500;
const TOLD_MS = 2_000;
/** So often others are told where the music is, while nothing else happens. */
const PLACE_MS = 30_000;
/** Entries whose tracks are known before they are reached. */
const AHEAD = 10;

/** What came from the server. `moved`: another device went to another entry. `foreign`: somebody else did something. */
export type Taken = { moved: boolean; foreign: boolean; positionMs: number };
export type DeskEars = {
  changed(): void;
  taken(what: Taken): void;
  /** Another person's queue, or a guest's. */
  swapped(positionMs: number): void;
  refused(code: string): void;
};

/** Without what makes each command another one. */
type Said = QueueCommand extends infer C ? (C extends QueueCommand ? Omit<C, "id"> : never) : never;

export class Desk {
  state: queue.QueueState = queue.emptyQueue;
  /** Where the music was when this queue was left. */
  resumeAtMs = 0;
  ears: DeskEars | null = null;
  private owner = GUEST;
  private link: QueueLink | null = null;
  private leave: (() => void) | null = null;
  private readonly facts = new Map<string, Facts>();
  /** The entry that is current on the server, as far as is known here. */
  private expected: string | null = null;
  private shown: Copy["entries"] | null = null;
  private revision: number | null = null;
  private ours = false;
  private toldAt = 0;
  /** Where the music of another device is. */
  readonly head = new Head();
  private saving: ReturnType<typeof setTimeout> | undefined;
  private readonly asked = new Set<number>();

  /** The queue of whoever is here. */
  static async opened(): Promise<Desk> {
    const desk = new Desk();
    let turn = desk.open(whoever());
    // One after the other: whoever signs in while a queue is being opened is not overlooked.
    session.subscribe(() => (turn = turn.then(() => desk.swap(whoever()))));
    await turn;
    addEventListener("pagehide", () => desk.saveNow());
    addEventListener("online", () => desk.link?.tryAgain());
    return desk;
  }

  get current(): QueueItem | null {
    return queue.current(this.state);
  }

  replace(items: readonly QueueItem[], startIndex: number): void {
    const fresh = withFreshKeys([], items);
    const shuffled = this.state.original !== null;
    this.set(queue.replace(this.state, fresh, startIndex));
    const entries = entriesOf(fresh);
    if (entries.length === 0) return this.tell({ kind: "clear", keep_current: false });
    const start = fresh[startIndex] ?? fresh[0];
    const current = start && !isLocal(start.trackId) ? start.key : null;
    this.expected = current;
    this.tell({ kind: "replace", entries, current, position_ms: 0 }, ...(shuffled ? [SHUFFLE] : []));
  }

  insertNext(items: readonly QueueItem[]): void {
    const fresh = withFreshKeys(this.state.items, items);
    const place = placeAt(this.state.items, this.state.index + 1);
    this.add(queue.insertNext(this.state, fresh), fresh, place);
  }

  append(items: readonly QueueItem[]): void {
    const fresh = withFreshKeys(this.state.items, items);
    this.add(queue.append(this.state, fresh), fresh, { place: "end" });
  }

  remove(key: string): void {
    const item = this.state.items.find((one) => one.key === key);
    if (!item) return;
    const wasCurrent = this.current?.key === key;
    this.set(queue.remove(this.state, key));
    if (isLocal(item.trackId)) return;
    if (wasCurrent) this.expected = this.current?.key ?? null;
    this.tell({ kind: "remove", entries: [key] });
  }

  move(key: string, toIndex: number): void {
    this.set(queue.move(this.state, key, toIndex));
    const at = this.state.items.findIndex((item) => item.key === key);
    const item = this.state.items[at];
    if (item && !isLocal(item.trackId)) this.tell({ kind: "move", entries: [key], ...placeAt(this.state.items, at) });
  }

  clear(): void {
    this.set({ ...queue.emptyQueue, repeat: this.state.repeat });
    this.expected = null;
    this.tell({ kind: "clear", keep_current: false });
  }

  setRepeat(repeat: RepeatMode): void {
    this.set({ ...this.state, repeat });
    this.tell({ kind: "repeat", mode: repeat });
  }

  setShuffle(on: boolean): void {
    this.set(on ? queue.shuffle(this.state) : queue.unshuffle(this.state));
    this.tell(on ? SHUFFLE : { kind: "unshuffle" });
  }

  jump(index: number): void {
    this.set(queue.jump(this.state, index));
    this.tellCurrent(0);
  }

  /** What plays here, to those who may think otherwise. */
  tellCurrent(positionMs: number): void {
    const item = this.current;
    if (!item || isLocal(item.trackId)) return;
    this.expected = item.key;
    this.toldAt = performance.now();
    this.head.guess(positionMs);
    this.tell({ kind: "jump", entry: item.key, position_ms: Math.max(0, Math.round(positionMs)) });
  }

  /** Where the music is. Kept here always; others are told of it `now`, now and then, or not at all. */
  at(positionMs: number, tell: "now" | "sometimes" | "never"): void {
    const { current } = this;
    this.resumeAtMs = positionMs;
    const place = { key: current?.key ?? null, positionMs: Math.round(positionMs), repeat: this.state.repeat };
    keepPlace(this.owner, place);
    if (!current || isLocal(current.trackId) || tell === "never") return;
    if (tell === "sometimes" && performance.now() - this.toldAt < PLACE_MS) return;
    this.tellPlace(positionMs);
  }

  tellPlace(positionMs: number): void {
    const { current } = this;
    if (!current || isLocal(current.trackId)) return;
    this.toldAt = performance.now();
    this.head.guess(positionMs);
    this.tell({ kind: "position", entry: current.key, position_ms: Math.max(0, Math.round(positionMs)) });
  }

  /** Where the music is, for another device to go on from; null where that one has to hear of the queue first. */
  placeAt(positionMs: number): { entry: string; position_ms: number } | null {
    const { current, link } = this;
    if (!current || isLocal(current.trackId) || !link?.settled) return null;
    return { entry: current.key, position_ms: Math.max(0, Math.round(positionMs)) };
  }

  /** To where another device says that the music is. False: that is not known here yet, and asked for. */
  turnTo(entry: string): boolean {
    const index = this.state.items.findIndex(({ key }) => key === entry);
    if (index < 0) this.link?.look();
    else if (index !== this.state.index) this.set(queue.jump(this.state, index));
    return index >= 0;
  }

  /** When the server has heard of all that was done here, or does not answer. */
  async told(): Promise<void> {
    await this.link?.told(TOLD_MS);
  }

  /** Brings what is shown around this place, where nothing is known of it yet. */
  look(index: number): void {
    const from = this.state.items
      .slice(Math.max(0, index), index + AHEAD)
      .findIndex(({ facts }) => facts === "unknown");
    if (from < 0 || this.link === null) return;
    const start = this.state.items.slice(0, index + from).filter(({ trackId }) => !isLocal(trackId)).length;
    if (this.asked.has(start)) return;
    this.asked.add(start);
    void import("./sync/server")
      .then(({ tracksFrom }) => tracksFrom(start))
      .then(({ tracks, limit, revision }) => {
        this.learn(tracks);
        const known = this.link?.revision === revision ? limit : 0;
        this.fill(start, start + known);
      })
      .catch(() => undefined)
      .finally(() => this.asked.delete(start));
  }

  private async open(owner: string): Promise<void> {
    this.owner = owner;
    const recalled = await recall(owner);
    this.state = recalled.queue;
    this.resumeAtMs = recalled.positionMs;
    this.revision = recalled.revision;
    this.ours = recalled.ours;
    this.expected = this.current?.key ?? null;
    this.shown = null;
    if (owner !== GUEST) await this.connect(owner, recalled);
  }

  private async connect(owner: string, { revision, queue: { items, original, repeat } }: Recalled): Promise<void> {
    const pending = await untold(owner);
    const [{ queueServer }, { subscribe }] = await Promise.all([
      import("./sync/server"),
      import("@/shared/api/socket"),
    ]);
    const entries = items.map(({ key, trackId }) => ({ id: key, content_id: trackId }));
    const head = { current: this.expected, position_ms: 0, position_at: null, repeat, radio: false };
    const copy = revision === null ? null : { revision, entries, head: { ...head, shuffled: original !== null } };
    const ears = {
      shown: (copy: Copy, foreign: boolean, live: boolean) => this.take(copy, foreign, live),
      tracks: (tracks: readonly Track[], fetched: SavedQueue | null) => this.learn(tracks, fetched),
      refused: (code: string) => this.ears?.refused(code),
      untold: (left: Parameters<typeof keepUntold>[1]) => void keepUntold(owner, left),
    };
    const link = new QueueLink(queueServer, ears, copy, pending);
    // Whoever subscribes is told to look; without a socket it is looked all the same.
    const waiting = setTimeout(() => link.look(), pending.length > 0 ? 0 : SOCKET_MS);
    const unsubscribe = subscribe(
      "user:me:queue",
      ({ event, data }) => event === "changed" && link.hear(data as Parameters<QueueLink["hear"]>[0]),
      () => {
        clearTimeout(waiting);
        link.look();
      },
    );
    this.link = link;
    this.leave = () => {
      clearTimeout(waiting);
      link.end();
      unsubscribe();
    };
  }

  /** Somebody signed in or out: a guest's queue comes along with who signs in, a person's stays with the person. */
  private async swap(owner: string): Promise<void> {
    if (owner === this.owner) return;
    const before = this.owner;
    const [brought, at] = [before === GUEST ? this.state : queue.emptyQueue, this.resumeAtMs];
    this.saveNow();
    this.leave?.();
    this.leave = this.link = null;
    void forgetList(before);
    await this.open(owner);
    if (brought.items.length > 0) {
      this.state = brought;
      this.resumeAtMs = at;
      this.ours = true;
    }
    this.ears?.swapped(this.resumeAtMs);
  }

  private add(state: queue.QueueState, fresh: readonly QueueItem[], place: Place): void {
    const wasEmpty = this.state.items.length === 0;
    this.set(state);
    const entries = entriesOf(fresh);
    if (entries.length > 0) this.tell({ kind: "add", entries, ...place });
    if (wasEmpty) this.tellCurrent(0);
  }

  private set(state: queue.QueueState): void {
    const listChanged = state.items !== this.state.items;
    this.state = state;
    if (listChanged) this.revision = null;
    this.save();
    this.ears?.changed();
  }

  private tell(...said: Said[]): void {
    this.link?.tell(...said.map((one) => ({ ...one, id: newUuid() }) as QueueCommand));
  }

  private take(copy: Copy, foreign: boolean, live: boolean): void {
    if (this.ours) return this.bring(copy);
    this.head.note(copy.head, live);
    const before = this.state;
    const items = copy.entries === this.shown ? before.items : this.itemsOf(copy);
    const playing = queue.current(before)?.key;
    const moved = copy.head.current !== this.expected && copy.head.current !== null;
    const at = (key: string | null | undefined): number => items.findIndex((item) => item.key === key);
    const stays = moved ? -1 : at(playing);
    const index = stays >= 0 ? stays : Math.max(at(copy.head.current), items.length > 0 ? 0 : -1);
    const original = copy.head.shuffled ? (before.original ?? items.map((item) => item.key)) : null;
    this.shown = copy.entries;
    this.expected = copy.head.current;
    this.revision = copy.revision;
    this.state = { items, index, original, repeat: copy.head.repeat };
    this.save();
    this.look(index);
    this.ears?.taken({ moved, foreign, positionMs: copy.head.position_ms });
  }

  /** What was queued here before the server knew of it: it becomes the queue, or stands behind what is there. */
  private bring(copy: Copy): void {
    this.ours = false;
    const { items, index, original, repeat } = this.state;
    const entries = entriesOf(items);
    if (entries.length === 0) return this.take(copy, true, false);
    const current = this.current && !isLocal(this.current.trackId) ? this.current.key : null;
    this.expected = current;
    if (copy.entries.length === 0) {
      this.tell({ kind: "replace", entries, current, position_ms: Math.round(this.resumeAtMs) });
      if (original) this.tell(SHUFFLE);
      if (repeat !== "off") this.tell({ kind: "repeat", mode: repeat });
      return;
    }
    const there = this.itemsOf(copy);
    this.set({ items: [...there, ...items], index: there.length + index, original, repeat });
    this.tell({ kind: "add", entries, place: "end" });
    this.tellCurrent(this.resumeAtMs);
  }

  private itemsOf(copy: Copy): QueueItem[] {
    const known = new Map(this.state.items.map((item) => [item.key, item]));
    const items = copy.entries.map((entry) => {
      const before = known.get(entry.id);
      if (before && before.facts === undefined) return before;
      const facts = this.facts.get(entry.content_id ?? "");
      return facts
        ? { key: entry.id, ...facts }
        : (before ?? { key: entry.id, ...bareFacts(entry.content_id ?? "", "unknown") });
    });
    return woven(items, this.state.items);
  }

  /** Tracks that were told; of a queue that was fetched all those around the current entry were. */
  private learn(tracks: readonly Track[], fetched: SavedQueue | null = null): void {
    for (const track of tracks) this.facts.set(track.id, factsOf(track));
    if (fetched === null) return;
    const at = Math.max(0, fetched.entries.findIndex(({ id }) => id === fetched.head.current) - TOLD_BEFORE);
    for (const { content_id: id } of fetched.entries.slice(at, at + TOLD)) {
      if (id !== null && !this.facts.has(id)) this.facts.set(id, bareFacts(id, "none"));
    }
  }

  /** The facts that have come since; nothing is to be heard of what has none in the part that was asked for. */
  private fill(from: number, to: number): void {
    let place = -1;
    const items = this.state.items.map((item) => {
      if (!isLocal(item.trackId)) place += 1;
      if (item.facts !== "unknown") return item;
      const facts = this.facts.get(item.trackId);
      if (facts) return { key: item.key, ...facts };
      return place >= from && place < to ? { ...item, facts: "none" as const } : item;
    });
    this.state = { ...this.state, items };
    this.save();
    this.ears?.changed();
  }

  private save(): void {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.saveNow(), LIST_MS);
  }

  private saveNow(): void {
    clearTimeout(this.saving);
    const { items, original } = this.state;
    const ours = this.ours || this.owner === GUEST;
    void keepList(this.owner, { items, original, revision: this.revision, ours });
  }
}

const whoever = (): string => session.get()?.userId ?? GUEST;

type Place = { after: string } | { place: "start" | "end" };
const SHUFFLE = { kind: "shuffle" } as const;
/** What the server tells of a queue that is fetched: so many tracks, beginning so far before the current entry. */
const TOLD_BEFORE = 20;
const TOLD = 200;

const entriesOf = (items: readonly QueueItem[]): { id: string; content_id: string }[] =>
  items.filter(({ trackId }) => !isLocal(trackId)).map(({ key, trackId }) => ({ id: key, content_id: trackId }));
