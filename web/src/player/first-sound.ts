/** Time from the click to the first audible sample, as User Timing and for the benchmark. */
import type { AudioGraph } from "./engine/graph";

declare global {
  interface Window {
    __antiphonFirstSound?: number;
  }
}

const LOOK_MS = 4;
const GIVE_UP_MS = 8000;

export class FirstSound {
  private began = -1;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly graph: AudioGraph,
    private readonly moving: () => boolean,
  ) {}

  /** The person has just asked for music. */
  asked(): void {
    clearTimeout(this.timer);
    this.began = performance.now();
    this.timer = setTimeout(() => this.look(), LOOK_MS);
  }

  private look(): void {
    const now = performance.now();
    if (this.moving() && (this.graph.audible() ?? true)) {
      window.__antiphonFirstSound = now - this.began;
      performance.measure("antiphon:first-sound", { start: this.began, end: now });
    } else if (now - this.began < GIVE_UP_MS) {
      this.timer = setTimeout(() => this.look(), LOOK_MS);
    }
  }
}
