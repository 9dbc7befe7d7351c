import { afterEach, beforeEach, expect, it } from "vitest";
import { session } from "@/shared/lib/session";
import { nextTrack as following, passedOver } from "./following";
import * as queue from "./queue";
import { playerSettings } from "./settings";
import type { QueueItem } from "./types";

const item = (key: string, more: Partial<QueueItem> = {}): QueueItem => ({
  ...{ key, trackId: `trk_${key}`, title: key, artist: { id: "art_1", name: "A" } },
  ...{ album: { id: "alb_1", title: "Salt" }, cover: null, durationMs: 1000, explicit: false, ...more },
});
const album = [
  item("a", { trackNumber: 1 }),
  item("rude", { trackNumber: 2, explicit: true }),
  item("c", { trackNumber: 3 }),
  item("gone", { trackNumber: 4, facts: "none" }),
  item("e", { trackNumber: 5 }),
];
const nextTrack = (state: queue.QueueState, begins: (item: QueueItem) => number = () => 0) => following(state, begins);
const at = (index: number, repeat: queue.QueueState["repeat"] = "off"): queue.QueueState =>
  queue.jump({ ...queue.replace(queue.emptyQueue, album, 0), repeat }, index);

beforeEach(() => {
  session.start({ user: { id: "usr_1" }, csrf_token: "x", expires_in: 900 });
});

afterEach(() => {
  playerSettings.set({ explicit: true });
  session.end();
});

it("is the next one of the album, and joins it", () => {
  expect(nextTrack(at(0))).toMatchObject({ key: "rude", fades: false });
  expect(nextTrack(at(2))).toMatchObject({ key: "e", fades: true });
  expect(nextTrack(at(4))).toBeNull();
});

it("is the one behind what is marked explicit, for who leaves that out", () => {
  playerSettings.set({ explicit: false });
  expect(nextTrack(at(0))).toMatchObject({ key: "c", fades: true });
  expect(queue.indexOfNext(at(0), passedOver)).toBe(2);
  expect(queue.indexOfPrevious(at(2), passedOver)).toBe(0);
  expect(nextTrack({ ...at(0), repeat: "one" })).toMatchObject({ key: "a" });
  expect(nextTrack(at(4, "all"))).toMatchObject({ key: "a" });
  const only = queue.replace(queue.emptyQueue, [album[1] as QueueItem, album[1] as QueueItem], 0);
  expect(nextTrack({ ...only, repeat: "all" })).toBeNull();
  // Of guests nobody knows what they want.
  session.end();
  expect(nextTrack(at(0))).toMatchObject({ key: "rude" });
});

it("begins in its middle where it was left there, and anew where it is the same again", () => {
  const begins = ({ key }: QueueItem): number => (key === "e" ? 1_234_500 : 0);
  expect(nextTrack(at(0), begins)?.at).toBe(0);
  expect(nextTrack(at(2), begins)?.at).toBe(1234.5);
  expect(nextTrack({ ...at(4), repeat: "one" }, begins)).toMatchObject({ key: "e", at: 0 });
});
