/** What to do about music that is not quite where it should be. */

export type Correction = { kind: "rate"; rate: number } | { kind: "jump" };

/** Nobody hears so little, and no measurement is more exact. */
const STILL_MS = 3;
/** More than this is made up for at once. */
const JUMP_MS = 130;
/** A difference is made up for within about so long. */
const WITHIN_MS = 1_500;
/** Half a semitone, for a second or two. */
const MOST = 0.03;

/** `aheadMs`: how far the music is ahead of where it should be; below zero it is late. */
export function correction(aheadMs: number): Correction {
  const off = Math.abs(aheadMs);
  if (off > JUMP_MS) return { kind: "jump" };
  if (off < STILL_MS) return { kind: "rate", rate: 1 };
  return { kind: "rate", rate: 1 - Math.max(-MOST, Math.min(MOST, aheadMs / WITHIN_MS)) };
}

/** The middle one: a single look may come late. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? upper)) / 2;
}

/** How long something takes before it is heard, learnt from how late it was. */
export class Lag {
  constructor(
    public ms: number,
    private readonly most: number,
  ) {}

  learn(lateMs: number): void {
    if (Math.abs(lateMs) > this.most) return;
    this.ms = Math.max(0, Math.min(this.most, this.ms + lateMs / 2));
  }
}
