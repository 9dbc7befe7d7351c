import { expect, test } from "vitest";
import { byDay } from "./days";

test("what was heard stands under its days, in the order that it has", () => {
  const at = ["2026-11-25T23:30:00Z", "2026-11-25T22:00:00Z", "2026-11-24T23:30:00Z", "2026-11-24T01:00:00Z"];
  const days = (zone: string) => byDay(at, (one) => one, zone).map(({ day, items }) => [day, items.length]);
  expect(days("UTC")).toEqual([
    ["2026-11-25", 2],
    ["2026-11-24", 2],
  ]);
  expect(days("Asia/Tokyo")).toEqual([
    ["2026-11-26", 2],
    ["2026-11-25", 1],
    ["2026-11-24", 1],
  ]);
  expect(byDay([], () => "", "UTC")).toEqual([]);
});
