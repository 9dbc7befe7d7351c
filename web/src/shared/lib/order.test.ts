import fc from "fast-check";
import { expect, test } from "vitest";
import { following, moved } from "./order";

const list = (ids: string): { id: string }[] => [...ids].map((id) => ({ id }));
const ids = (items: { id: string }[]): string => items.map((item) => item.id).join("");

test("what is moved stands where it was put", () => {
  expect(ids(moved(list("abcde"), new Set("d"), "b"))).toBe("adbce");
  expect(ids(moved(list("abcde"), new Set("ae"), "c"))).toBe("baecd");
  expect(ids(moved(list("abcde"), new Set("a"), null))).toBe("bcdea");
});

test("behind something is in front of what follows it", () => {
  expect(following(list("abcde"), new Set("c"), "b")).toBe("d");
  expect(following(list("abcde"), new Set("x"), "e")).toBeNull();
});

test("moving loses and doubles nothing", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.nat(), fc.nat(), (names, first, second) => {
      if (names.length === 0) return;
      const items = names.map((id) => ({ id }));
      const taken = new Set([names[first % names.length] ?? ""]);
      const before = names[second % names.length] ?? null;
      const after = moved(items, taken, before !== null && taken.has(before) ? null : before);
      expect([...after].map((item) => item.id).sort()).toEqual([...names].sort());
    }),
  );
});
