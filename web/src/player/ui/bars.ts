/** From stored peaks (0..255) to the bars that fit the width. Pure. */
export type Bar = { peak: number; rms: number };

const FLAT: Bar = { peak: 0.06, rms: 0.04 };

/** `count` bars, 0..1: the loudest peak and the mean level of each stretch; flat while there are no peaks. */
export function barsFor(peaks: readonly number[], rms: readonly number[], count: number): Bar[] {
  if (count <= 0) return [];
  if (peaks.length === 0) return Array.from({ length: count }, () => FLAT);
  const loudest = Math.max(1, ...peaks);
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / count);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / count));
    const level = rms.slice(from, to);
    const mean = level.length > 0 ? level.reduce((sum, value) => sum + value, 0) / level.length : 0;
    return { peak: Math.max(...peaks.slice(from, to)) / loudest, rms: mean / loudest };
  });
}

/** Where a pointer stands, as a fraction of the track. */
export function fractionAt(clientX: number, left: number, width: number, rtl: boolean): number {
  if (width <= 0) return 0;
  const across = Math.min(1, Math.max(0, (clientX - left) / width));
  return rtl ? 1 - across : across;
}
