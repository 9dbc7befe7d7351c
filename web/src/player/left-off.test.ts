import { describe, expect, it, vi } from "vitest";
import { comesTrue } from "@/testing/patience";
import { LeftOff } from "./left-off";
import { playerStore } from "./store";

const HOUR = 3_600_000;
const never = () => Promise.reject(new Error("nobody asks"));

describe("where a long track was left", () => {
  it("goes on in the middle, says so, and begins anew near its ends", () => {
    const left = new LeftOff(never);
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
    const left = new LeftOff(never);
    left.note("song", 100_000, 200_000);
    expect(left.begin("song")).toBe(0);
  });

  it("is asked of the server once, and not where this page heard it", () => {
    const left = new LeftOff(never);
    const described = { content_id: "mix", resume_ms: 900_000 };
    expect(left.described(described)).toBe(0);
    expect(left.begin("mix")).toBe(0);
    expect(left.described(described)).toBe(900_000);
    expect(left.described(described)).toBe(0);
    left.note("mix", 1_000_000, HOUR);
    expect(left.begin("mix")).toBe(1_000_000);
    expect(left.described(described)).toBe(0);
  });

  it("is asked ahead for what comes next by itself, which then begins there", async () => {
    let answer = { resume_ms: 900_000 as number | null };
    const stream = vi.fn(async () => answer);
    const left = new LeftOff(stream);
    const known = vi.fn();
    expect(left.ahead({ trackId: "song", durationMs: 200_000 }, known)).toBe(0);
    expect(stream).not.toHaveBeenCalled();
    for (let time = 0; time < 2; time += 1) expect(left.ahead({ trackId: "mix", durationMs: HOUR }, known)).toBe(0);
    await comesTrue(() => expect(known).toHaveBeenCalledTimes(1));
    expect(stream).toHaveBeenCalledTimes(1);
    expect(left.ahead({ trackId: "mix", durationMs: HOUR }, known)).toBe(900_000);
    expect(left.begin("mix")).toBe(900_000);
    expect(playerStore.getState().wentOnMs).toBe(900_000);
    // It is there already.
    expect(left.described({ content_id: "mix", resume_ms: 900_000 })).toBe(0);
    answer = { resume_ms: null };
    left.ahead({ trackId: "new", durationMs: HOUR }, known);
    await comesTrue(() => expect(stream).toHaveBeenCalledTimes(2));
    expect([left.begin("new"), known.mock.calls.length]).toEqual([0, 1]);
  });

  it("is asked when it begins, where it could not be asked ahead", async () => {
    const left = new LeftOff(never);
    left.ahead({ trackId: "mix", durationMs: HOUR }, () => undefined);
    await Promise.resolve();
    expect(left.begin("mix")).toBe(0);
    expect(left.described({ content_id: "mix", resume_ms: 900_000 })).toBe(900_000);
  });
});
