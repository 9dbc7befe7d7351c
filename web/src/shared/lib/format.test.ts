import { afterEach, expect, test } from "vitest";
import { ago, byteSize, clockTime, longDate, preciseDate, spokenLength } from "./format";
import { activate } from "./i18n";

afterEach(() => activate("en"));

test.each([
  [0, "0:00"],
  [999, "0:01"],
  [59_499, "0:59"],
  [187_000, "3:07"],
  [3_600_000, "1:00:00"],
  [3_765_000, "1:02:45"],
])("%d ms reads %s on a clock", (ms, text) => {
  expect(clockTime(ms)).toBe(text);
});

test("lengths are told in the words of the language", async () => {
  expect(spokenLength(2_520_000)).toBe("42 min");
  expect(spokenLength(3_780_000)).toBe("1 hr 3 min");
  expect(spokenLength(8_000)).toBe("8 sec");
  await activate("de");
  expect(spokenLength(3_780_000)).toMatch(/1 Std\..*3 Min\./);
});

test("a release date is the same day in every time zone", () => {
  expect(longDate("2026-03-01")).toBe("March 1, 2026");
});

test("a release date is told as exactly as it is known", () => {
  expect(preciseDate("1999-01-01", "year")).toBe("1999");
  expect(preciseDate("1999-03-01", "month")).toBe("March 1999");
  expect(preciseDate("1999-03-01", "day")).toBe("March 1, 1999");
});

test("bytes are told in the largest unit that fits", () => {
  expect(byteSize(900)).toBe("900 byte");
  expect(byteSize(41_200_000)).toBe("41.2 MB");
  expect(byteSize(4_294_967_296)).toBe("4.3 GB");
});

test.each([
  [20_000, "now"],
  [60_000, "1 minute ago"],
  [3 * 3_600_000, "3 hours ago"],
  [25 * 3_600_000, "yesterday"],
  [40 * 86_400_000, "January 31, 2026"],
])("%d ms ago reads %s", (passed, text) => {
  const now = Date.parse("2026-03-12T12:00:00Z");
  expect(ago(new Date(now - passed).toISOString(), now)).toBe(text);
});
