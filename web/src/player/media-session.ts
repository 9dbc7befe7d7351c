/** Keys of the keyboard, the lock screen, the headphones: the browser's Media Session. */
import { session } from "@/shared/lib/session";
import type { Image } from "./types";

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

/** What the lock screen says: what plays, whether it does, and where it is. Milliseconds. */
export type Shown = { title: string; artist: { name: string }; album: { title: string } | null; cover: Image | null };
export type Told = { playing: boolean; hasTrack: boolean; positionMs: number; durationMs: number; speed: number };

const NOTHING: Told = { playing: false, hasTrack: false, positionMs: 0, durationMs: 0, speed: 1 };

/** Who wants the keys and the lock screen; they are the last one's. */
const takers: MediaKeys[] = [];
const holder = (): MediaKeys | undefined => takers.at(-1);

/** The keys and the lock screen for one of those who make sound: what it says of itself is shown while they are its own. */
export class MediaKeys {
  private shown: Shown | null = null;
  private told = NOTHING;

  constructor(private readonly commands: SessionCommands) {}

  /** While nobody else wants them. */
  takeIfFree(): void {
    takers.unshift(this);
    if (holder() === this) this.hold();
  }

  take(): void {
    if (holder() === this) return;
    this.giveBack();
    takers.push(this);
    this.hold();
  }

  /** To whoever had them before. */
  giveBack(): void {
    const place = takers.indexOf(this);
    if (place < 0) return;
    const held = holder() === this;
    takers.splice(place, 1);
    if (!held) return;
    if (takers.length === 0) this.clear();
    else holder()?.hold();
  }

  describe(item: Shown | null): void {
    this.shown = item;
    if (holder() === this) showOnScreen(item);
  }

  tell(told: Told): void {
    this.told = told;
    if (holder() === this) showState(told);
  }

  private clear(): void {
    showOnScreen(null);
    showState(NOTHING);
  }

  private hold(): void {
    connect(this.commands);
    showOnScreen(this.shown);
    showState(this.told);
  }
}

function connect(commands: SessionCommands): void {
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

function showOnScreen(item: Shown | null): void {
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

function showState({ playing, hasTrack, positionMs, durationMs, speed }: Told): void {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.playbackState = playing ? "playing" : hasTrack ? "paused" : "none";
  if (!hasTrack || durationMs <= 0) {
    navigator.mediaSession.setPositionState();
    return;
  }
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
