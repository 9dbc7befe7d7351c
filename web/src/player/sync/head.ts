/** Where the music of another device is, as far as that device told. Milliseconds. */
import type { QueueHead } from "@/shared/api/types";

/** So long what another device says may be from before it heard where it was sent, and so far from there it is. */
const SENT_MS = 3_000;
const FAR_MS = 1_500;

export class Head {
  private sentAt = Number.NEGATIVE_INFINITY;
  private entry: string | null = null;
  private heard: string | null = null;
  private place = 0;
  private at = 0;

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly wall: () => number = Date.now,
  ) {}

  positionMs(playing: boolean): number {
    return this.place + (playing ? this.now() - this.at : 0);
  }

  /** The other device was sent there, from where it was heard of last. */
  sent(positionMs: number): void {
    this.sentAt = this.now();
    this.guess(positionMs);
  }

  /** Until that device says where it is. */
  guess(positionMs: number): void {
    this.place = positionMs;
    this.at = this.now();
  }

  /** What is told live is of this moment; of the rest the clocks of both sides are trusted. */
  note({ current, position_ms: positionMs, position_at: since }: QueueHead, live: boolean): void {
    const told = `${current} ${since} ${positionMs}`;
    if (told === this.heard) return;
    const sent = this.now() - this.sentAt < SENT_MS && this.heard !== null && this.entry === current;
    if (live && sent && Math.abs(positionMs - this.place) > FAR_MS) return;
    this.heard = told;
    this.entry = current;
    this.place = positionMs;
    this.at = this.now() - (live || since === null ? 0 : Math.max(0, this.wall() - Date.parse(since)));
  }
}
