/**
 * Loudness normalisation by gain alone.
 *
 * The target is −16 LUFS: there is no limiter, so a track may only be raised as far as its true peak allows, and at
 * −16 most recordings with real dynamics still reach the target, while at −14 every quiet one would stay behind.
 * AES TD1008 recommends the same figure for streamed music.
 */
import type { Loudness, LoudnessMode } from "./types";

export const TARGET_LUFS = -16;
/** Lossy decoding overshoots the measured peak of the source; EBU R128 leaves the same decibel. */
export const PEAK_CEILING_DBTP = -1;
const MOST_BOOST_DB = 12;

/** Gain in dB for a track, never above what keeps its true peak under the ceiling; 0 where nothing was measured. */
export function gainDb(mode: LoudnessMode, track: Loudness | null, album: Loudness | null): number {
  if (mode === "off") return 0;
  const measured = mode === "album" && album?.integrated_lufs != null ? album : track;
  if (measured?.integrated_lufs == null) return 0;
  const wanted = TARGET_LUFS - measured.integrated_lufs;
  const peak = measured.true_peak_dbtp;
  const room = peak == null ? 0 : PEAK_CEILING_DBTP - peak;
  const gain = wanted > 0 ? Math.min(wanted, Math.max(0, room), MOST_BOOST_DB) : wanted;
  return gain === 0 ? 0 : gain;
}

export function linear(db: number): number {
  return 10 ** (db / 20);
}
