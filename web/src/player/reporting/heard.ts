/** What is heard of one entry after the other. What is only on this device is nobody's play. */
import { isLocal } from "@/player/local";
import { Listening } from "./listening";
import type { PlayOutbox } from "./outbox";

export class Heard {
  private listening: Listening | null = null;
  /** Where the music was when it was looked at last. */
  private before = 0;

  constructor(private readonly outbox: PlayOutbox) {}

  begin(trackId: string, atMs: number): void {
    this.end();
    this.before = atMs;
    this.listening = isLocal(trackId) ? null : new Listening(trackId, this.outbox);
  }

  look(positionMs: number, playing: boolean): void {
    this.listening?.look(positionMs, playing);
    this.before = positionMs;
  }

  jumped(fromMs: number, toMs: number): void {
    this.listening?.jumped(fromMs);
    this.before = toMs;
  }

  /** A passage begins again. */
  turned(toMs: number): void {
    this.listening?.turned();
    this.before = toMs;
  }

  report(positionMs: number): void {
    this.listening?.report(positionMs);
  }

  end(atMs = this.before): void {
    this.listening?.close(atMs);
    this.listening = null;
  }
}
