import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BANDS_HZ, headroomDb, MOST_BAND_DB, PRESET_NAMES, PRESETS, presetOf, responseDb } from "./equaliser";

const bands = fc.array(fc.double({ min: -MOST_BAND_DB, max: MOST_BAND_DB, noNaN: true }), {
  minLength: BANDS_HZ.length,
  maxLength: BANDS_HZ.length,
});

describe("the equaliser", () => {
  it("raises a band by what was asked where its neighbours are flat", () => {
    const only = (band: number) => BANDS_HZ.map((_, at) => (at === band ? 6 : 0));
    for (let band = 1; band < BANDS_HZ.length - 1; band += 1)
      expect(responseDb(only(band), BANDS_HZ[band] ?? 0)).toBeCloseTo(6, 1);
    expect(responseDb(only(0), 5)).toBeCloseTo(6, 1);
    expect(responseDb(only(9), 23_900)).toBeCloseTo(6, 1);
    expect(responseDb(only(5), 40)).toBeCloseTo(0, 1);
  });

  it("takes away beforehand what it adds: no frequency ends up louder than before", () => {
    fc.assert(
      fc.property(bands, fc.double({ min: 20, max: 20_000, noNaN: true }), (gains, hertz) => {
        expect(responseDb(gains, hertz) - headroomDb(gains)).toBeLessThan(0.1);
      }),
      { numRuns: 60 },
    );
  });

  it("knows its presets by their bands", () => {
    for (const name of PRESET_NAMES) {
      expect(PRESETS[name]).toHaveLength(BANDS_HZ.length);
      expect(presetOf([...PRESETS[name]])).toBe(name);
    }
    expect(presetOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toBeNull();
  });
});
