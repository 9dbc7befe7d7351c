/** Speed over the last seconds and what it means for the rest. */
const WINDOW_MS = 6_000;

export class Speedometer {
  private marks: { at: number; bytes: number }[] = [];

  constructor(private readonly clock: () => number = () => performance.now()) {}

  /** `bytes`: all that has been sent so far. */
  mark(bytes: number): void {
    const at = this.clock();
    this.marks.push({ at, bytes });
    while (this.marks.length > 2 && at - (this.marks[0]?.at ?? at) > WINDOW_MS) this.marks.shift();
  }

  /** Bytes a second; 0 while nothing can be said. */
  get perSecond(): number {
    const first = this.marks[0];
    const last = this.marks.at(-1);
    if (!first || !last || last.at - first.at < 200) return 0;
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.at - first.at));
  }
}

/** Milliseconds left; null while nothing can be said. */
export function remainingMs(bytesLeft: number, perSecond: number): number | null {
  return perSecond > 0 ? (bytesLeft / perSecond) * 1000 : null;
}
