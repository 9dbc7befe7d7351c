/** Long tracks go on where they were left, on this page or on another device, when nobody says where to begin. */
import { playerStore } from "./store";
import type { QueueItem, StreamDescription } from "./types";

/** As long as the server takes for long, and as near to an end as it takes for over. */
const LONG_MS = 20 * 60_000;
const EDGE_MS = 60_000;

export class LeftOff {
  private readonly places = new Map<string, number>();
  /** What begins, as long as nobody knows where it was left. */
  private asking: string | null = null;
  private readonly askedAhead = new Set<string>();

  constructor(private readonly describe: (trackId: string) => Promise<Pick<StreamDescription, "resume_ms">>) {}

  /** Where to begin. */
  begin(trackId: string): number {
    const atMs = this.places.get(trackId) ?? 0;
    this.asking = this.places.has(trackId) ? null : trackId;
    this.show(atMs);
    return atMs;
  }

  /** Where to begin with what comes next by itself, as far as is known; `known` hears when more is. */
  ahead({ trackId, durationMs }: Pick<QueueItem, "trackId" | "durationMs">, known: () => void): number {
    const place = this.places.get(trackId);
    if (place !== undefined || (durationMs ?? 0) < LONG_MS || this.askedAhead.has(trackId)) return place ?? 0;
    this.askedAhead.add(trackId);
    this.describe(trackId)
      .then(({ resume_ms }) => {
        if (this.places.has(trackId)) return;
        this.places.set(trackId, resume_ms ?? 0);
        if (resume_ms) known();
      })
      .catch(() => undefined)
      .finally(() => this.askedAhead.delete(trackId));
    return 0;
  }

  /** Where to go now that the server has said where it was left elsewhere; 0: nowhere. */
  described({ content_id, resume_ms }: Pick<StreamDescription, "content_id" | "resume_ms">): number {
    if (this.asking !== content_id) return 0;
    this.asking = null;
    if (resume_ms !== null) this.show(resume_ms);
    return resume_ms ?? 0;
  }

  note(trackId: string | undefined, positionMs: number, durationMs: number): void {
    if (trackId === undefined || positionMs === 0 || durationMs < LONG_MS || trackId === this.asking) return;
    const inside = positionMs >= EDGE_MS && positionMs <= durationMs - EDGE_MS;
    this.places.set(trackId, inside ? positionMs : 0);
  }

  private show(atMs: number): void {
    playerStore.setState({ wentOnMs: atMs > 0 ? atMs : null });
  }
}
