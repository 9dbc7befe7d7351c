/** One listening session: what has really been heard of a track, and when to say so. */
import type { PlayOutbox } from "./outbox";
import { newUuid } from "@/shared/lib/uuid";

const HEARTBEAT_MS = 10_000;
/** The audio clock may run a little ahead of the wall clock between two looks. */
const TOLERANCE = 1.05;

export class Listening {
  private readonly eventId = newUuid();
  private heardMs = 0;
  private reportedMs = -1;
  private last: { at: number; positionMs: number } | null = null;
  private begun = false;
  private closed = false;

  constructor(
    readonly contentId: string,
    private readonly outbox: PlayOutbox,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** To be called a few times a second. Counts what was played since the last look, never more than time has passed. */
  look(positionMs: number, playing: boolean): void {
    const at = this.clock();
    if (this.last && playing) {
      const moved = positionMs - this.last.positionMs;
      const passed = at - this.last.at;
      if (moved > 0) this.heardMs += Math.min(moved, passed * TOLERANCE);
    }
    this.last = playing ? { at, positionMs } : null;
    if (playing && !this.begun) this.begin();
    if (this.heardMs - Math.max(0, this.reportedMs) >= HEARTBEAT_MS) this.report(positionMs);
  }

  /** Position jumps are not listening. */
  jumped(fromMs: number): void {
    this.report(fromMs);
    this.last = null;
  }

  /** A passage begins again: the way back is not listening, and nothing to tell. */
  turned(): void {
    this.last = null;
  }

  /** Pause, seek and the like: says how far it has come. */
  report(positionMs: number, closed = false): void {
    if (!this.begun || this.closed) return;
    const playedMs = Math.floor(this.heardMs);
    if (playedMs === this.reportedMs && !closed) return;
    this.reportedMs = playedMs;
    const progress = { eventId: newUuid(), positionMs: Math.max(0, Math.round(positionMs)), playedMs };
    this.outbox.progress(this.eventId, progress, closed);
  }

  close(positionMs: number): void {
    this.report(positionMs, true);
    this.closed = true;
  }

  private begin(): void {
    this.begun = true;
    this.outbox.start(this.contentId, this.eventId);
  }
}
