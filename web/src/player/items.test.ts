import { describe, expect, it } from "vitest";
import { placeAt, woven } from "./items";
import type { QueueItem } from "./types";

const item = (key: string, trackId = `trk_${key}`): QueueItem => ({
  key,
  trackId,
  title: key,
  artist: { id: "", name: "" },
  album: null,
  cover: null,
  durationMs: null,
});
const keys = (items: readonly QueueItem[]) => items.map(({ key }) => key).join("");

describe("files of this device among the server's entries", () => {
  const before = [item("x", "local:x"), item("a"), item("y", "local:y"), item("b"), item("c")];

  it("stay behind what they stood behind", () => {
    expect(keys(woven([item("c"), item("a"), item("b")], before))).toBe("xcayb");
    expect(keys(woven([item("b")], before))).toBe("xyb");
    expect(keys(woven([], before))).toBe("xy");
  });

  it("are no place for anybody else", () => {
    expect(placeAt(before, 1)).toEqual({ place: "start" });
    expect(placeAt(before, 3)).toEqual({ after: "a" });
  });
});
