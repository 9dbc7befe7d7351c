import { expect, it } from "vitest";
import { Head } from "./head";

const WALL = Date.parse("2026-01-01T00:01:00Z");

/** A head that was heard of at 10 s of entry `a`, and what its device says from then on. */
function heard(): { head: Head; wait: (ms: number) => void; says: (positionMs: number, current?: string) => void } {
  let [now, said] = [100_000, 0];
  const head = new Head(
    () => now,
    () => WALL,
  );
  const says = (position_ms: number, current = "a"): void => {
    said += 1;
    const position_at = new Date(WALL + said).toISOString();
    head.note({ current, position_ms, position_at, repeat: "off", shuffled: false, radio: false }, true);
  };
  says(10_000);
  return { head, wait: (ms) => (now += ms), says };
}

it("goes on while it plays", () => {
  const { head, wait } = heard();
  wait(500);
  expect([head.positionMs(true), head.positionMs(false)]).toEqual([10_500, 10_000]);
});

it("is where it was sent, whatever its device had said before it heard of that", () => {
  const { head, wait, says } = heard();
  head.sent(60_000);
  wait(200);
  says(12_000);
  expect(head.positionMs(true)).toBe(60_200);
  head.sent(120_000);
  says(60_100);
  expect(head.positionMs(false)).toBe(120_000);
});

it("is where its device says once it is there, and where it says so later", () => {
  const { head, wait, says } = heard();
  head.sent(60_000);
  says(60_050);
  expect(head.positionMs(false)).toBe(60_050);
  head.sent(90_000);
  wait(3_000);
  says(61_000);
  expect(head.positionMs(false)).toBe(61_000);
});

it("is in another entry at once, however near the seek was", () => {
  const { head, says } = heard();
  head.sent(60_000);
  says(0, "b");
  expect(head.positionMs(false)).toBe(0);
});

it("has gone on since it was told, where that is fetched later", () => {
  const { head } = heard();
  const rest = { repeat: "off", shuffled: false, radio: false } as const;
  head.note({ current: "b", position_ms: 5_000, position_at: "2026-01-01T00:00:52Z", ...rest }, false);
  expect(head.positionMs(true)).toBe(13_000);
});
