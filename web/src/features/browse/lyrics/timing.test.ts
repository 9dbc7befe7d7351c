import fc from "fast-check";
import { expect, test } from "vitest";
import { type Draft, lineAt, nextOpen, retyped, stamped } from "./timing";

const at = (...starts: number[]) => starts.map((start_ms) => ({ start_ms }));

test("the line that is sung is the last that has begun", () => {
  expect(lineAt([], 5)).toBe(-1);
  expect(lineAt(at(10, 20, 20, 30), 9)).toBe(-1);
  expect(lineAt(at(10, 20, 20, 30), 10)).toBe(0);
  expect(lineAt(at(10, 20, 20, 30), 25)).toBe(2);
  expect(lineAt(at(10, 20, 20, 30), 99)).toBe(3);
});

test("words that are typed anew keep the times of lines that stay", () => {
  const before: Draft[] = [
    { text: "one", startMs: 1 },
    { text: "two", startMs: 2 },
    { text: "one", startMs: 3 },
  ];
  expect(retyped("one\nnew\none", before).map((line) => line.startMs)).toEqual([1, null, 3]);
  expect(retyped("two", before)).toEqual([{ text: "two", startMs: 2 }]);
});

test("tapping gives times that never go backwards", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 }), (taps) => {
      let lines: Draft[] = taps.map((_, index) => ({ text: String(index), startMs: null }));
      for (const tap of taps) lines = stamped(lines, nextOpen(lines), tap);
      const starts = lines.map((line) => line.startMs ?? -1);
      expect(nextOpen(lines)).toBe(lines.length);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
    }),
  );
});

test("tapping again opens what would begin too early", () => {
  const lines = [1, 2, 3].map((startMs) => ({ text: "x", startMs }));
  expect(stamped(lines, 0, 2.4).map((line) => line.startMs)).toEqual([2, 2, 3]);
  expect(stamped(lines, 1, 9).map((line) => line.startMs)).toEqual([1, 9, null]);
});
