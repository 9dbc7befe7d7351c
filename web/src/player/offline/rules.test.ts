import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Kept, type KeptState, lapsed, toEvict, used, wantsRenewal } from "./rules";

const DAY = 86_400_000;

function kept(change: Partial<Kept>): Kept {
  return {
    owner: "usr_1",
    trackId: "trk_1",
    item: { trackId: "trk_1", title: "Song", artist: { id: "a", name: "A" }, album: null, cover: null, durationMs: 1 },
    from: null,
    state: "ready",
    because: null,
    pinned: false,
    got: 100,
    bytes: 100,
    description: null,
    expiresAt: null,
    touchedAt: 0,
    ...change,
  };
}

const any = fc
  .array(
    fc.record({
      got: fc.nat(100),
      pinned: fc.boolean(),
      touchedAt: fc.nat(1000),
      state: fc.constantFrom<KeptState>("ready", "waiting", "loading"),
    }),
    { maxLength: 20 },
  )
  .map((all) => all.map((one, at) => kept({ ...one, trackId: `trk_${at}` })));

describe("room on the device", () => {
  it("is made by what was longest unheard, never by what is pinned or on its way, and no more than is needed", () => {
    fc.assert(
      fc.property(any, fc.nat(1000), fc.nat(300), (all, budget, needed) => {
        const going = toEvict(all, budget, needed);
        const spare = all.filter((one) => one.state === "ready" && !one.pinned);
        if (going === null) {
          expect(used(all) - used(spare) + needed).toBeGreaterThan(budget);
          return;
        }
        const gone = all.filter((one) => going.includes(one.trackId));
        const left = all.filter((one) => !going.includes(one.trackId));
        expect(used(left) + needed).toBeLessThanOrEqual(budget);
        expect(gone.every((one) => spare.includes(one))).toBe(true);
        const oldestLeft = Math.min(...spare.filter((one) => left.includes(one)).map((one) => one.touchedAt));
        expect(gone.every((one) => one.touchedAt <= oldestLeft)).toBe(true);
        const last = gone.find((one) => one.trackId === going.at(-1));
        if (last) expect(used(left) + last.got + needed).toBeGreaterThan(budget);
      }),
    );
  });
});

describe("what the server lends", () => {
  const lent = kept({ expiresAt: new Date(30 * DAY).toISOString() });

  it("ends at its time, and a clock that was set back gives nothing", () => {
    expect(lapsed(lent, 29 * DAY)).toBe(false);
    expect(lapsed(lent, 30 * DAY)).toBe(true);
    expect(lapsed({ ...lent, touchedAt: 31 * DAY }, 2 * DAY)).toBe(true);
    expect(lapsed(kept({}), 10 ** 15)).toBe(false);
  });

  it("is asked for again while there is time", () => {
    expect(wantsRenewal(lent, DAY)).toBe(false);
    expect(wantsRenewal(lent, 11 * DAY)).toBe(true);
    expect(wantsRenewal(kept({}), 11 * DAY)).toBe(false);
  });
});
