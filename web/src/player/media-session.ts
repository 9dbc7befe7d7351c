/** Keys of the keyboard, the lock screen, the headphones: the browser's Media Session. */
import { session } from "@/shared/lib/session";
import type { QueueItem } from "./types";

export type SessionCommands = {
  play(): void;
  pause(): void;
  next(): void;
  previous(): void;
  seek(ms: number): void;
  stop(): void;
  positionMs(): number;
};

const STEP_MS = 10_000;

let present: SessionCommands | null = null;

/** The keys are for something else, until the answer is called. */
export function connectMediaKeys(commands: SessionCommands): () => void {
  const before = present;
  connectMediaSession(commands);
  return () => {
    if (before && present === commands) connectMediaSession(before);
  };
}

export function connectMediaSession(commands: SessionCommands): void {
  present = commands;
  if (!("mediaSession" in navigator)) return;
  const on = (action: MediaSessionAction, handler: MediaSessionActionHandler): void => {
    try {
      navigator.mediaSession.setActionHandler(action, handler);
    } catch {
      // An action this browser does not know.
    }
  };
  on("play", () => commands.play());
  on("pause", () => commands.pause());
  on("stop", () => commands.stop());
  on("nexttrack", () => commands.next());
  on("previoustrack", () => commands.previous());
  on("seekbackward", (details) => commands.seek(commands.positionMs() - ((details.seekOffset ?? 0) * 1000 || STEP_MS)));
  on("seekforward", (details) => commands.seek(commands.positionMs() + ((details.seekOffset ?? 0) * 1000 || STEP_MS)));
  on("seekto", (details) => {
    if (details.seekTime !== undefined) commands.seek(details.seekTime * 1000);
  });
}

export function describeToSession(item: QueueItem | null): void {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.metadata = item
    ? new MediaMetadata({
        title: item.title,
        artist: item.artist.name,
        album: item.album?.title ?? "",
        artwork: Object.entries(item.cover?.sizes ?? {}).map(([side, src]) => ({
          src: new URL(src, location.href).href,
          sizes: `${side}x${side}`,
          type: "image/webp",
        })),
      })
    : null;
}

export function tellSession(
  playing: boolean,
  hasTrack: boolean,
  positionMs: number,
  durationMs: number,
  speed: number,
): void {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.playbackState = playing ? "playing" : hasTrack ? "paused" : "none";
  if (!hasTrack || durationMs <= 0) return;
  const position = Math.min(positionMs, durationMs) / 1000;
  navigator.mediaSession.setPositionState({ duration: durationMs / 1000, position, playbackRate: speed });
}

/** What the page itself tells: it is left, the server can be reached again, a finger is on its way to a button. */
export function connectPage(on: { leaving(): void; reachable(): void; warmUp(): void }): void {
  addEventListener("pagehide", () => on.leaving());
  addEventListener("online", () => on.reachable());
  session.subscribe(() => on.reachable());
  const warmUp = (): void => on.warmUp();
  addEventListener("pointerdown", warmUp, { once: true, capture: true });
  addEventListener("keydown", warmUp, { once: true, capture: true });
}
