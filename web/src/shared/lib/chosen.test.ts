import { beforeEach, expect, test } from "vitest";
import { beginChoosing, chooseAmong, endChoosing, letGo, MOST_AT_ONCE, useChosen } from "./chosen";

const named = (...ids: string[]) => ids.map((id) => ({ id, name: id.toUpperCase(), detail: "" }));
const ids = () => useChosen.getState().items.map((one) => one.id);

beforeEach(endChoosing);

test("what is chosen in one list stays when another is chosen from, in the order it was chosen", () => {
  beginChoosing("track");
  chooseAmong(named("a", "b"), new Set(["b"]));
  chooseAmong(named("c", "d"), new Set(["c", "d"]));
  expect(ids()).toEqual(["b", "c", "d"]);
  chooseAmong(named("c", "d"), new Set(["d"]));
  expect(ids()).toEqual(["b", "d"]);
  letGo("b");
  expect(ids()).toEqual(["d"]);
});

test("another kind begins anew, the same kind goes on", () => {
  beginChoosing("track");
  chooseAmong(named("a"), new Set(["a"]));
  beginChoosing("track");
  expect(ids()).toEqual(["a"]);
  beginChoosing("album");
  expect(ids()).toEqual([]);
});

test("no more are chosen than can be changed at once", () => {
  beginChoosing("track");
  const many = named(...Array.from({ length: MOST_AT_ONCE + 5 }, (_, index) => `t${index}`));
  chooseAmong(many, new Set(many.map((one) => one.id)));
  expect(ids()).toHaveLength(MOST_AT_ONCE);
});
