import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ServerClock } from "./clock";
import { correction, Lag, median } from "./steer";
import { type Piece, positionAt, type Score, settled } from "./timeline";

const seeded = (seed: number) => () => {
  // Mulberry32: simulations must be the same again.
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

/** A network with a floor, and now and then a long way in either direction; some answers never come. */
function measured(clock: ServerClock, seconds: number, truth: (local: number) => number, random: () => number): void {
  const delay = () => 2 + random() * 3 + (random() < 0.4 ? random() * 120 : 0);
  for (let at = 0; at < seconds * 1000; at += at < 2_000 ? 200 : 4_000) {
    if (random() < 0.2) continue;
    const [there, back] = [delay(), delay()];
    clock.take({ sent: at, back: at + there + back, at: truth(at + there) });
  }
}

describe("the server's clock", () => {
  it("is known to a few milliseconds, whatever network and clocks do", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.double({ min: -1e-4, max: 1e-4, noNaN: true }),
        (seed, offset, skew) => {
          const clock = new ServerClock();
          const truth = (local: number) => local * (1 + skew) + offset;
          measured(clock, 180, truth, seeded(seed));
          for (const at of [180_000, 184_000]) expect(Math.abs(clock.at(at) - truth(at))).toBeLessThan(10);
          expect(Math.abs(clock.local(clock.at(181_000)) - 181_000)).toBeLessThan(0.01);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("takes no nonsense", () => {
    const clock = new ServerClock();
    clock.take({ sent: 5, back: 4, at: 1 });
    clock.take({ sent: 5, back: 6, at: NaN });
    expect(clock.known).toBe(false);
  });
});

const piece = (key: string, durationMs: number): Piece => ({ key, trackId: key, durationMs, silent: false });
const pieces = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 6 });

describe("the timeline", () => {
  it("is the same however often one looks", () => {
    fc.assert(
      fc.property(pieces, fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1 }), (lengths, looks) => {
        const [current, ...coming] = lengths.map((ms, place) => piece(String(place), ms));
        const head = { current: "0", playing: true, positionMs: 0, atMs: 500 };
        const begun: Score = { head, current: current ?? null, coming };
        let often = begun;
        for (const look of [...looks].sort((a, b) => a - b)) often = settled(often, look);
        const last = Math.max(...looks);
        expect(often).toEqual(settled(begun, last));
        let left = Math.max(0, last - 500);
        for (const [place, ms] of lengths.entries()) {
          if (left < ms) {
            expect([often.current?.key, positionAt(often.head, last)]).toEqual([String(place), left]);
            return;
          }
          left -= ms;
        }
        expect(often.current).toBeNull();
      }),
    );
  });
});

/** Two devices: each with a clock, a network, and a loudspeaker of a speed of its own. */
function simulated(seed: number, skew: number, audioSkew: number, joinsAtMs: number): number[] {
  const random = seeded(seed);
  const offset = random() * 1e6;
  const truth = (local: number) => local * (1 + skew) + offset;
  const clock = new ServerClock();
  const head = { current: "a", playing: true, positionMs: 0, atMs: offset + 600 };
  let [rate, position, looks]: [number, number, number[]] = [1, 0, []];
  const lag = new Lag(60, 400);
  let [settleAt, learning]: [number, boolean] = [0, false];
  const drifts: number[] = [];
  const startLag = 20 + random() * 80;
  for (let local = joinsAtMs; local < joinsAtMs + 60_000; local += 20) {
    // As a page asks: eight times quickly, then every few seconds.
    const since = local - joinsAtMs;
    if (since < 1_600 ? since % 200 === 0 : local % 4_000 < 20 && random() < 0.8) {
      const [there, back] = [1 + random() * 2, 1 + random() * 2 + (random() < 0.3 ? random() * 80 : 0)];
      clock.take({ sent: local, back: local + there + back, at: truth(local + there) });
    }
    const now = clock.at(local);
    if (local === joinsAtMs) {
      position = positionAt(head, now) - startLag;
      settleAt = local + 500;
    }
    position += 20 * rate * (1 + audioSkew);
    if (local % 200 < 20 && local > settleAt) {
      looks = [...looks, position + (random() - 0.5) * 6 - positionAt(head, clock.at(local + 20))].slice(-3);
      if (looks.length === 3) {
        const ahead = median(looks);
        if (learning) lag.learn(-ahead);
        learning = false;
        const found = correction(ahead);
        if (found.kind === "rate") rate = found.rate;
        else {
          position = positionAt(head, clock.at(local + 20)) + lag.ms - (40 + random() * 30);
          [rate, looks, settleAt, learning] = [1, [], local + 500, true];
        }
      }
    }
    if (local > joinsAtMs + 12_000) drifts.push(position - positionAt(head, truth(local + 20)));
  }
  return drifts;
}

describe("together", () => {
  it("stays within 25 ms of the truth, so two stay within 50 ms of each other", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: -1e-4, max: 1e-4, noNaN: true }),
        fc.double({ min: -3e-4, max: 3e-4, noNaN: true }),
        fc.integer({ min: 1, max: 500 }).map((steps) => steps * 20 + 600),
        (seed, skew, audioSkew, joins) => {
          for (const drift of simulated(seed, skew, audioSkew, joins)) expect(Math.abs(drift)).toBeLessThan(25);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("changes the speed by less than anybody hears, and jumps where that would take too long", () => {
    fc.assert(
      fc.property(fc.double({ min: -5_000, max: 5_000, noNaN: true }), (ahead) => {
        const found = correction(ahead);
        if (found.kind === "jump") expect(Math.abs(ahead)).toBeGreaterThan(100);
        else {
          expect(Math.abs(found.rate - 1)).toBeLessThanOrEqual(0.03 + 1e-12);
          expect(Math.sign(1 - found.rate)).toBe(found.rate === 1 ? 0 : Math.sign(ahead));
        }
      }),
    );
  });
});
