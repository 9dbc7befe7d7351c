/** A timer that ends the music: after some minutes, softly, or with the track. */

/** The last seconds before it ends become softer. */
export const FADE_MS = 12_000;

export type Sleep = { kind: "track" } | { kind: "time"; at: number };

export function sleepIn(minutes: number, now: number): Sleep {
  return { kind: "time", at: now + minutes * 60_000 };
}

export type SleepStep = "wait" | "fade" | "stop";

/** What is to be done now; times are those of one clock, in milliseconds. */
export function sleepStep(sleep: Sleep | null, now: number): SleepStep {
  if (sleep?.kind !== "time") return "wait";
  if (now >= sleep.at) return "stop";
  return now >= sleep.at - FADE_MS ? "fade" : "wait";
}
