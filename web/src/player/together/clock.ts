/**
 * The server's clock, as far as it can be known from here: of many questions those that were back soonest were delayed
 * least, so the moment of their answer lies close to the middle. Two clocks also run at slightly different speeds.
 */

/** `sent` and `back` are moments of this page's clock, `at` is what the server's said in between. Milliseconds. */
export type Sample = { sent: number; back: number; at: number };

const KEPT = 40;
/** So much slower than the best one an answer may be, and still say something. */
const SLOWER_MS = 3;
/** Before so long has passed nothing is said of the clocks' speeds. */
const SPAN_MS = 45_000;
const MOST_SKEW = 200e-6;

export class ServerClock {
  private samples: Sample[] = [];
  /** The server's time is this page's, `from` the moment `from`, plus `offset`, at a speed of `1 + skew`. */
  private line = { from: 0, offset: 0, skew: 0 };

  get known(): boolean {
    return this.samples.length > 0;
  }

  /** How far off it may be: half of what the quickest question took. */
  get doubtMs(): number {
    return Math.min(...this.samples.map(took)) / 2;
  }

  take(sample: Sample): void {
    if (!(sample.back >= sample.sent) || !Number.isFinite(sample.at)) return;
    this.samples = [...this.samples, sample].slice(-KEPT);
    const quickest = Math.min(...this.samples.map(took));
    this.line = fitted(this.samples.filter((one) => took(one) <= quickest + SLOWER_MS + quickest / 4));
  }

  /** Another server, or the page slept: what was learnt says nothing any more. */
  forget(): void {
    this.samples = [];
  }

  /** The server's time at a moment of this page. */
  at(local: number): number {
    const { from, offset, skew } = this.line;
    return local + offset + (local - from) * skew;
  }

  /** The moment of this page at which it is that late on the server. */
  local(server: number): number {
    const { from, offset, skew } = this.line;
    return (server - offset + from * skew) / (1 + skew);
  }
}

const took = (sample: Sample): number => sample.back - sample.sent;
const middle = (sample: Sample): number => (sample.sent + sample.back) / 2;
const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

/** The straight line that lies closest; a level one while they lie too close together to tell. */
function fitted(samples: readonly Sample[]): { from: number; offset: number; skew: number } {
  const times = samples.map(middle);
  const offsets = samples.map((one) => one.at - middle(one));
  const [from, offset] = [mean(times), mean(offsets)];
  if (Math.max(...times) - Math.min(...times) < SPAN_MS || samples.length < 4) return { from, offset, skew: 0 };
  let [above, below] = [0, 0];
  times.forEach((time, index) => {
    above += (time - from) * ((offsets[index] as number) - offset);
    below += (time - from) ** 2;
  });
  const skew = Math.max(-MOST_SKEW, Math.min(MOST_SKEW, above / below));
  return { from, offset, skew };
}
