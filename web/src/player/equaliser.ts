/** The ten-band equaliser as numbers: bands, presets, and how far it would raise the loudest frequency. */

/** Hertz, an octave apart. The outermost bands are shelves. */
export const BANDS_HZ = [31, 62, 125, 250, 500, 1000, 2000, 4000, 8000, 16_000] as const;
export const MOST_BAND_DB = 12;
/** One octave wide. */
export const BAND_Q = Math.SQRT2;

export type Equaliser = { on: boolean; preampDb: number; bandsDb: readonly number[] };

export const FLAT: readonly number[] = BANDS_HZ.map(() => 0);
export const DEFAULT_EQUALISER: Equaliser = { on: false, preampDb: 0, bandsDb: FLAT };

export const PRESETS = {
  flat: FLAT,
  bass: [6, 5, 4, 2, 0, 0, 0, 0, 0, 0],
  treble: [0, 0, 0, 0, 0, 0, 2, 4, 5, 6],
  quiet: [5, 4, 2, 0, -1, -1, 0, 2, 4, 5],
  voice: [-6, -4, -2, 1, 3, 4, 4, 2, 0, -2],
  acoustic: [3, 3, 2, 1, 1, 1, 2, 2, 2, 1],
  electronic: [5, 4, 1, 0, -2, 1, 0, 1, 4, 5],
  rock: [4, 3, 2, 0, -1, -1, 1, 2, 3, 4],
  classical: [3, 2, 1, 1, 0, 0, 0, 1, 2, 3],
  headphones: [2, 3, 3, 1, -1, -1, 1, 2, 3, 1],
} as const satisfies Record<string, readonly number[]>;

export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

export function presetOf(bandsDb: readonly number[]): PresetName | null {
  return PRESET_NAMES.find((name) => PRESETS[name].every((db, band) => db === bandsDb[band])) ?? null;
}

type Coefficients = { b: readonly [number, number, number]; a: readonly [number, number, number] };

/** The filters of the Web Audio specification (those of the Audio EQ Cookbook). */
function coefficients(band: number, db: number, rate: number): Coefficients {
  const gain = 10 ** (db / 40);
  const w = (2 * Math.PI * Math.min(BANDS_HZ[band] ?? 0, rate * 0.49)) / rate;
  const cos = Math.cos(w);
  if (band > 0 && band < BANDS_HZ.length - 1) {
    const alpha = Math.sin(w) / (2 * BAND_Q);
    return {
      b: [1 + alpha * gain, -2 * cos, 1 - alpha * gain],
      a: [1 + alpha / gain, -2 * cos, 1 - alpha / gain],
    };
  }
  const slope = Math.SQRT2 * Math.sin(w) * Math.sqrt(gain);
  const side = band === 0 ? 1 : -1;
  const up = gain + 1;
  const down = side * (gain - 1);
  return {
    b: [
      gain * (up - down * cos + slope),
      2 * side * gain * (gain - 1 - side * up * cos),
      gain * (up - down * cos - slope),
    ],
    a: [up + down * cos + slope, -2 * side * (gain - 1 + side * up * cos), up + down * cos - slope],
  };
}

function squaredResponse({ b, a }: Coefficients, w: number): number {
  const at = (c: readonly [number, number, number]): number => {
    const real = c[0] + c[1] * Math.cos(w) + c[2] * Math.cos(2 * w);
    const imaginary = c[1] * Math.sin(w) + c[2] * Math.sin(2 * w);
    return real * real + imaginary * imaginary;
  };
  return at(b) / at(a);
}

/** What all bands together do to one frequency, in dB. */
export function responseDb(bandsDb: readonly number[], hertz: number, rate = 48_000): number {
  const w = (2 * Math.PI * hertz) / rate;
  return bandsDb.reduce((sum, db, band) => sum + 10 * Math.log10(squaredResponse(coefficients(band, db, rate), w)), 0);
}

const LOOKS = 160;

/** By how much the loudest frequency is raised, in dB; the preamplifier takes so much away, so that nothing clips. */
export function headroomDb(bandsDb: readonly number[]): number {
  if (bandsDb.every((db) => db <= 0)) return 0;
  let most = 0;
  for (let look = 0; look <= LOOKS; look += 1) {
    most = Math.max(most, responseDb(bandsDb, 20 * 1000 ** (look / LOOKS)));
  }
  return most;
}
