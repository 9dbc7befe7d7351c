import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as queue from "./queue";
import type { QueueItem } from "./types";

const item = (key: string): QueueItem => ({
  key,
  trackId: `trk_${key}`,
  title: key,
  artist: { id: "art_1", name: "A" },
  album: null,
  cover: null,
  durationMs: 1000,
});

const keysOf = (state: queue.QueueState): string[] => state.items.map((one) => one.key);

/** A queue of 1..12 entries, one of which plays. */
const anyQueue = fc
  .integer({ min: 1, max: 12 })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.integer({ min: 0, max: size - 1 }) }))
  .map(({ size, index }) =>
    queue.replace(
      queue.emptyQueue,
      Array.from({ length: size }, (_, at) => item(`k${at}`)),
      index,
    ),
  );

type Step = (state: queue.QueueState) => queue.QueueState;
let fresh = 0;
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.nat(20).map(
    (at): Step =>
      (state) =>
        queue.remove(state, state.items[at % Math.max(1, state.items.length)]?.key ?? ""),
  ),
  fc.tuple(fc.nat(20), fc.nat(20)).map(
    ([at, to]): Step =>
      (state) =>
        queue.move(state, state.items[at % Math.max(1, state.items.length)]?.key ?? "", to),
  ),
  fc.constant<Step>((state) => queue.insertNext(state, [item(`n${(fresh += 1)}`)])),
  fc.constant<Step>((state) => queue.append(state, [item(`a${(fresh += 1)}`)])),
  fc.nat(20).map(
    (index): Step =>
      (state) =>
        queue.jump(state, index),
  ),
  fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })).map(
    (stream): Step =>
      (state) =>
        queue.shuffle(state, () => stream.next().value as number),
  ),
  fc.constant<Step>(queue.unshuffle),
);

describe("queue", () => {
  it("comes back from shuffling exactly as it was, with the same track playing", () => {
    fc.assert(
      fc.property(anyQueue, fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), (before, random) => {
        const shuffled = queue.shuffle(before, () => random.next().value as number);
        expect(queue.current(shuffled)).toBe(queue.current(before));
        expect([...keysOf(shuffled)].sort()).toEqual([...keysOf(before)].sort());
        const after = queue.unshuffle(shuffled);
        expect(keysOf(after)).toEqual(keysOf(before));
        expect(after.index).toBe(before.index);
      }),
    );
  });

  it("holds together under any series of changes", () => {
    fc.assert(
      fc.property(anyQueue, fc.array(anyStep, { maxLength: 25 }), (start, steps) => {
        let state = start;
        for (const step of steps) {
          const playing = queue.current(state);
          const before = new Set(keysOf(state));
          state = step(state);
          const now = keysOf(state);
          expect(new Set(now).size).toBe(now.length);
          if (now.length === 0) expect(state.index).toBe(-1);
          else expect(state.items[state.index]).toBeDefined();
          if (state.original) expect([...state.original].sort()).toEqual([...now].sort());
          if (playing && now.includes(playing.key) && now.length !== before.size) {
            expect(queue.current(state)?.key).toBe(playing.key);
          }
        }
      }),
    );
  });

  it("keeps the playing track when others are moved", () => {
    fc.assert(
      fc.property(anyQueue, fc.nat(20), fc.nat(20), (state, at, to) => {
        const key = keysOf(state)[at % state.items.length] ?? "";
        const moved = queue.move(state, key, to);
        expect(queue.current(moved)?.key).toBe(queue.current(state)?.key);
        expect(keysOf(moved)[Math.min(to, moved.items.length - 1)]).toBe(key);
      }),
    );
  });

  it("plays the one that follows when the playing one is removed", () => {
    const state = queue.replace(queue.emptyQueue, ["a", "b", "c"].map(item), 1);
    expect(queue.current(queue.remove(state, "b"))?.key).toBe("c");
    const last = queue.remove(queue.remove(state, "c"), "b");
    expect(queue.current(last)?.key).toBe("a");
  });

  it("follows the repeat mode", () => {
    const end = queue.replace(queue.emptyQueue, ["a", "b"].map(item), 1);
    expect(queue.indexAfterEnd(end)).toBe(-1);
    expect(queue.indexAfterEnd({ ...end, repeat: "all" })).toBe(0);
    expect(queue.indexAfterEnd({ ...end, repeat: "one" })).toBe(1);
    expect(queue.indexOfNext({ ...end, repeat: "one" })).toBe(0);
    expect(queue.indexOfPrevious(end)).toBe(0);
    expect(queue.indexAfterEnd(queue.emptyQueue)).toBe(-1);
  });

  it("puts what shall play next right behind the playing track, also in the order without shuffle", () => {
    const state = queue.shuffle(queue.replace(queue.emptyQueue, ["a", "b", "c"].map(item), 1), () => 0);
    const added = queue.insertNext(state, [item("x")]);
    expect(keysOf(added)[1]).toBe("x");
    expect(keysOf(queue.unshuffle(added))).toEqual(["a", "b", "x", "c"]);
  });
});

describe("what follows on an album", () => {
  const on = (album: string | null, trackNumber: number | null): QueueItem => ({
    ...item("k"),
    album: album === null ? null : { id: album, title: album },
    trackNumber,
  });
  it("is its next track; where numbers are not known, the queue's order is believed", () => {
    expect(queue.followsOnAlbum(on("a", 1), on("a", 2))).toBe(true);
    expect(queue.followsOnAlbum(on("a", 1), on("a", null))).toBe(true);
    expect(queue.followsOnAlbum(on("a", 2), on("a", 1))).toBe(false);
    expect(queue.followsOnAlbum(on("a", 1), on("b", 2))).toBe(false);
    expect(queue.followsOnAlbum(on(null, 1), on(null, 2))).toBe(false);
  });
});
