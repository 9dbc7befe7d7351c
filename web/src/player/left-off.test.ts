import { describe, expect, it } from "vitest";
import { LeftOff } from "./left-off";
import { playerStore } from "./store";

const HOUR = 3_600_000;

describe("where a long track was left", () => {
  it("goes on in the middle, says so, and begins anew near its ends", () => {
    const left = new LeftOff();
    left.note("mix", 2_000_000, HOUR);
    expect(left.begin("mix")).toBe(2_000_000);
    expect(playerStore.getState().wentOnMs).toBe(2_000_000);
    for (const near of [10_000, HOUR - 10_000]) {
      left.note("mix", near, HOUR);
      expect(left.begin("mix")).toBe(0);
      expect(playerStore.getState().wentOnMs).toBeNull();
    }
  });

  it("is of no interest for songs", () => {
    const left = new LeftOff();
    left.note("song", 100_000, 200_000);
    expect(left.begin("song")).toBe(0);
  });

  it("is asked of the server once, and not where this page heard it", () => {
    const left = new LeftOff();
    const described = { content_id: "mix", resume_ms: 900_000 };
    expect(left.described(described)).toBe(0);
    expect(left.begin("mix")).toBe(0);
    expect(left.described(described)).toBe(900_000);
    expect(left.described(described)).toBe(0);
    left.note("mix", 1_000_000, HOUR);
    expect(left.begin("mix")).toBe(1_000_000);
    expect(left.described(described)).toBe(0);
  });
});
