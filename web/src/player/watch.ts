/** Looks after what a person has asked to happen at a moment: the music's end (sleep timer) and the turn of a loop. */
import { FADE_MS, type Sleep, sleepIn, sleepStep } from "./sleep";
import { type Loop, nextLoop, untilTurn } from "./loop";
import { playerStore } from "./store";

export type WatchActs = {
  pause(): void;
  /** Within the passage: what is heard again counts, but is not told as a jump of the listener's. */
  turn(ms: number): void;
  /** All sound, towards 0 or 1, within so many seconds. */
  fade(level: number, seconds: number): void;
  positionMs(): number;
  speed(): number;
};

/** The player looks at the position about four times a second; a turn that comes sooner is timed. */
const LOOK_MS = 300;

export class Watch {
  private fading = false;
  private turning: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly acts: WatchActs,
    private readonly now: () => number = Date.now,
  ) {}

  /** Minutes from now, the end of the track, or not at all. */
  setSleep(wish: number | "track" | null): void {
    const sleep: Sleep | null = wish === null ? null : wish === "track" ? { kind: "track" } : sleepIn(wish, this.now());
    playerStore.setState({ sleep });
    if (this.fading) this.acts.fade(1, 0.5);
    this.fading = false;
  }

  /** Whether the music ends with this track; then the timer has done its work. */
  get endsWithTrack(): boolean {
    return playerStore.getState().sleep?.kind === "track";
  }

  cycleLoop(): void {
    const { loop, durationMs } = playerStore.getState();
    this.setLoop(nextLoop(loop, this.acts.positionMs(), durationMs));
  }

  /** Another track plays: its passages are others. */
  trackChanged(): void {
    if (playerStore.getState().loop) this.setLoop(null);
  }

  look(): void {
    this.lookAtSleep();
    clearTimeout(this.turning);
    const { loop } = playerStore.getState();
    const left = untilTurn(loop, this.acts.positionMs());
    if (loop === null || left === null) return;
    const wait = left / this.acts.speed();
    if (wait <= 0) this.acts.turn(loop.a);
    else if (wait < LOOK_MS) this.turning = setTimeout(() => this.acts.turn(loop.a), wait);
  }

  private setLoop(loop: Loop | null): void {
    clearTimeout(this.turning);
    playerStore.setState({ loop });
  }

  private lookAtSleep(): void {
    const { sleep } = playerStore.getState();
    const step = sleepStep(sleep, this.now());
    if (step === "stop") {
      this.acts.pause();
      playerStore.setState({ sleep: null });
      this.acts.fade(1, 0.5);
      this.fading = false;
    } else if (step === "fade" && !this.fading && sleep?.kind === "time") {
      this.fading = true;
      this.acts.fade(0, Math.min(FADE_MS, sleep.at - this.now()) / 1000);
    }
  }
}
