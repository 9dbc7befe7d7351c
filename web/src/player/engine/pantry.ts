/** How much sound is kept ready: half a minute each way, less where the files are heavy (browsers allow about 12 MB). */
import type { Rendition } from "@/player/types";

const AHEAD_S = 30;
const BEHIND_S = 30;
const AHEAD_BYTES = 6_000_000;
const BEHIND_BYTES = 3_000_000;
const LEAST_AHEAD_S = 6;

export class Pantry {
  ahead = AHEAD_S;
  behind = BEHIND_S;
  private share = 1;

  fit(rendition: Rendition): void {
    const bytesPerSecond = Math.max(1, (rendition.bitrate_kbps * 1000) / 8);
    this.ahead = Math.max(LEAST_AHEAD_S, Math.min(AHEAD_S, (AHEAD_BYTES / bytesPerSecond) * this.share));
    this.behind = Math.min(BEHIND_S, (BEHIND_BYTES / bytesPerSecond) * this.share);
  }

  /** The browser had no room left. */
  shrink(): void {
    this.share *= 0.7;
    this.ahead = Math.max(LEAST_AHEAD_S, this.ahead * 0.7);
    this.behind *= 0.7;
  }
}
