/** Stream descriptions, remembered while they hold, so that pressing play costs one request less. */
import type { StreamDescription } from "@/player/types";

type Entry = { promise: Promise<StreamDescription>; validUntil: number };

const LOADING_FOREVER = Number.POSITIVE_INFINITY;
const MARGIN_MS = 5 * 60_000;
/** While renditions are still being made, or it is not measured yet, the answer gets better soon. */
const INCOMPLETE_MS = 20_000;

export class Descriptions {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly load: (trackId: string) => Promise<StreamDescription>) {}

  get(trackId: string): Promise<StreamDescription> {
    const known = this.entries.get(trackId);
    if (known && known.validUntil > Date.now()) return known.promise;
    return this.refresh(trackId);
  }

  refresh(trackId: string): Promise<StreamDescription> {
    const entry: Entry = { promise: this.load(trackId), validUntil: LOADING_FOREVER };
    this.entries.set(trackId, entry);
    entry.promise.then(
      (description) => {
        const expiry = Date.parse(description.expires_at) - MARGIN_MS;
        const settled = description.complete && description.loudness !== null;
        entry.validUntil = settled ? expiry : Math.min(expiry, Date.now() + INCOMPLETE_MS);
      },
      () => {
        if (this.entries.get(trackId) === entry) this.entries.delete(trackId);
      },
    );
    return entry.promise;
  }

  /** Ask ahead; a failure is not of interest until somebody presses play. */
  prefetch(trackId: string): void {
    this.get(trackId).catch(() => undefined);
  }
}
