import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PEAK_CEILING_DBTP, TARGET_LUFS, gainDb } from "./loudness";

const measured = (integrated_lufs: number | null, true_peak_dbtp: number | null) => ({
  integrated_lufs,
  true_peak_dbtp,
  range_lu: 5,
});

describe("loudness gain", () => {
  it("never raises a peak above the ceiling", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -60, max: 0, noNaN: true }),
        fc.double({ min: -60, max: 3, noNaN: true }),
        (lufs, peak) => {
          const gain = gainDb("track", measured(lufs, peak), null);
          if (gain > 0) expect(peak + gain).toBeLessThanOrEqual(PEAK_CEILING_DBTP + 1e-9);
          expect(lufs + gain).toBeLessThanOrEqual(Math.max(lufs, TARGET_LUFS) + 1e-9);
        },
      ),
    );
  });

  it("brings a loud master down to the target", () => {
    expect(gainDb("track", measured(-8, 0.4), null)).toBe(-8);
  });

  it("uses the album's figure where there is one, the track's otherwise", () => {
    expect(gainDb("album", measured(-8, 0), measured(-10, 0))).toBe(-6);
    expect(gainDb("album", measured(-8, 0), null)).toBe(-8);
  });

  it("leaves alone what is switched off, silent or unmeasured", () => {
    expect(gainDb("off", measured(-8, 0), null)).toBe(0);
    expect(gainDb("track", measured(null, null), null)).toBe(0);
    expect(gainDb("track", null, null)).toBe(0);
  });
});
