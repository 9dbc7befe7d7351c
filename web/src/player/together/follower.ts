/**
 * Plays what a room plays, where the room is. It has an engine of its own beside the player's: the queue, its settings
 * and its place stay as they were while one listens with others.
 */
import { session } from "@/shared/lib/session";
import { playServer } from "@/player/api";
import { Engine, type EngineStatus } from "@/player/engine/engine";
import { loadHereOrThere } from "@/player/offline/here";
import { Listening } from "@/player/reporting/listening";
import { PlayOutbox } from "@/player/reporting/outbox";
import { playerSettings } from "@/player/settings";
import { playerStore } from "@/player/store";
import type { PlayerError } from "@/player/types";
import { ServerClock } from "./clock";
import { correction, Lag, median } from "./steer";
import { type Piece, positionAt, type Score, settled } from "./timeline";

export type FollowerStatus = "off" | "waiting" | "loading" | "playing" | "paused" | "silent" | "blocked";
export type FollowerEvents = {
  /** `error` where this person's player could not play what the others hear. */
  status(status: FollowerStatus, error: PlayerError | null): void;
  /** Another entry began, because its time had come. */
  turned(): void;
};

const LOOK_MS = 150;
/** A start that is not told ahead is made so far ahead. */
const RUN_UP_MS = 300;
/** After a start or a jump the element's own account of where it is needs a moment to become true. */
const SETTLE_MS = 300;
const LOOKS = 3;
/** The engine goes on to the next track by itself; so long before or after its time nobody interferes. */
const CROSSING_MS = 700;

export class Follower {
  readonly clock = new ServerClock();
  private readonly engine: Engine;
  private readonly outbox = new PlayOutbox(playServer, owner);
  private score: Score = { head: { current: null, playing: false, positionMs: 0, atMs: 0 }, current: null, coming: [] };
  private listening: Listening | null = null;
  private on = false;
  private loaded: string | null = null;
  private failed: string | null = null;
  private starting: ReturnType<typeof setTimeout> | undefined;
  private started = false;
  private measureAt = 0;
  private looks: number[] = [];
  private learning: Lag | null = null;
  private readonly startLag = new Lag(30, 400);
  private readonly jumpLag = new Lag(60, 400);
  private timer: ReturnType<typeof setInterval> | undefined;
  private status: FollowerStatus = "off";

  constructor(private readonly events: FollowerEvents) {
    this.engine = new Engine(
      loadHereOrThere,
      {
        status: (status, error) => this.onStatus(status, error),
        advanced: (track, leftAt) => this.onAdvanced(track.key, leftAt * 1000),
        described: () => undefined,
        gain: () => undefined,
        ended: () => this.onEnded(),
        tick: () => undefined,
      },
      { ...playerSettings.get(), crossfadeS: 0, speed: 1 },
    );
    playerSettings.subscribe((settings) => this.engine.setSettings({ ...settings, crossfadeS: 0, speed: 1 }));
    const loud = (): void => {
      const { volume, muted } = playerStore.getState();
      this.engine.graph.setVolume(muted ? 0 : volume);
    };
    loud();
    playerStore.subscribe(loud);
    addEventListener("pagehide", () => this.listening?.report(this.engine.position() * 1000));
  }

  /** To be called within a gesture: from here on one hears what the others hear. */
  listen(): void {
    this.engine.graph.unlock();
    this.on = true;
    clearInterval(this.timer);
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.look();
  }

  /** The room goes on without this device. */
  rest(): void {
    this.on = false;
    clearInterval(this.timer);
    this.quiet("off");
  }

  /** What the room plays from now on; again and again the same is no news. */
  follow(score: Score): void {
    const { head } = this.score;
    this.score = score;
    const same = head.current === score.head.current && head.atMs === score.head.atMs;
    if (same && head.playing === score.head.playing && head.positionMs === score.head.positionMs) {
      this.lineUp();
    } else {
      this.look(true);
    }
  }

  /** Where the room is: milliseconds into what it plays now. */
  positionMs(): number {
    const now = this.clock.at(performance.now());
    const { head, current } = settled(this.score, now);
    return Math.min(positionAt(head, now), current?.durationMs ?? 0);
  }

  private look(told = false): void {
    if (!this.on || !this.clock.known) return;
    const now = this.clock.at(performance.now());
    const { head, current, coming } = settled(this.score, now);
    if (current === null || current.silent || current.key === this.failed) {
      this.quiet(current === null ? "waiting" : "silent");
      return;
    }
    if (this.loaded !== current.key && !this.crossing({ head, current, coming }, now, told)) this.load(current);
    if (this.loaded !== current.key) return;
    if (!head.playing) this.stand(head.positionMs);
    else if (!this.started) this.begin(told);
    else if (told) this.jumpAt(head.atMs, head.positionMs);
    else if (now >= head.atMs) this.steer(positionAt(head, now));
    this.report(head.playing);
  }

  /** Whether the engine is about to go on, or has just gone on, by itself; or is to go on at a moment that was told. */
  private crossing({ head, current, coming }: Score, now: number, told: boolean): boolean {
    if (!this.started || this.loaded === null || current === null) return false;
    if (this.loaded === coming[0]?.key) return current.durationMs - positionAt(head, now) < CROSSING_MS;
    if (!this.engine.holds({ key: current.key, trackId: current.trackId })) return false;
    if (head.atMs <= now && !told) return now - head.atMs < CROSSING_MS;
    this.at(this.clock.local(head.atMs) - this.latencyMs() - this.jumpLag.ms, () => this.skipTo(current));
    return true;
  }

  /** One thing is about to be done at most. */
  private at(moment: number, act: () => void): void {
    clearTimeout(this.starting);
    this.starting = setTimeout(() => {
      this.starting = undefined;
      act();
    }, moment - performance.now());
  }

  private notAtAll(): void {
    clearTimeout(this.starting);
    this.starting = undefined;
  }

  private skipTo(piece: Piece): void {
    this.hear(piece, true);
    this.engine.load({ key: piece.key, trackId: piece.trackId }, 0, true);
    this.settle(this.jumpLag);
    this.lineUp();
  }

  private load(piece: Piece): void {
    this.notAtAll();
    this.started = false;
    this.hear(piece, false);
    this.engine.nudge(1);
    this.engine.load({ key: piece.key, trackId: piece.trackId }, this.positionMs() / 1000, false);
    this.lineUp();
  }

  private hear(piece: Piece, wasHeard: boolean): void {
    if (wasHeard) this.listening?.look(this.engine.position() * 1000, true);
    this.listening?.close(this.engine.position() * 1000);
    this.listening = new Listening(piece.trackId, this.outbox);
    this.loaded = piece.key;
    this.failed = null;
  }

  /** Begins at the moment that was told, or a little from now; where nothing is loaded by then it is tried again. */
  private begin(told: boolean): void {
    if (this.starting !== undefined && !told) return;
    const { head } = settled(this.score, this.clock.at(performance.now()));
    const moment = Math.max(head.atMs, this.clock.at(performance.now()) + RUN_UP_MS);
    const position = positionAt(head, moment);
    if (Math.abs(this.engine.position() * 1000 - position) > 5) this.engine.seek(position / 1000);
    this.at(this.clock.local(moment) - this.latencyMs() - this.startLag.ms, () => {
      if (!this.on || !this.engine.ready()) return;
      this.started = true;
      this.engine.play();
      this.settle(this.startLag);
    });
  }

  private stand(positionMs: number): void {
    this.notAtAll();
    if (this.started) {
      this.started = false;
      this.listening?.report(this.engine.position() * 1000);
      this.engine.pause();
    }
    if (Math.abs(this.engine.position() * 1000 - positionMs) > 20) this.engine.seek(positionMs / 1000);
  }

  private jumpAt(atMs: number, positionMs: number): void {
    const moment = this.clock.local(atMs) - this.latencyMs() - this.jumpLag.ms;
    this.looks = [];
    if (moment > performance.now()) this.at(moment, () => this.jump(positionMs));
    else this.notAtAll();
  }

  private jump(positionMs: number): void {
    this.listening?.jumped(this.engine.position() * 1000);
    this.engine.nudge(1);
    this.engine.seek(positionMs / 1000);
    this.settle(this.jumpLag);
  }

  private settle(learning: Lag | null): void {
    this.learning = learning;
    this.looks = [];
    this.measureAt = performance.now() + SETTLE_MS;
  }

  /** Compares where the music is heard with where it should be. */
  private steer(wanted: number): void {
    if (performance.now() < this.measureAt || !this.engine.ready()) return;
    this.looks = [...this.looks, this.engine.position() * 1000 - this.latencyMs() - wanted].slice(-LOOKS);
    if (this.looks.length < LOOKS) return;
    const ahead = median(this.looks);
    this.learning?.learn(-ahead);
    this.learning = null;
    const found = correction(ahead);
    if (found.kind === "rate") {
      this.engine.nudge(found.rate);
      return;
    }
    this.jump(wanted + this.latencyMs() + this.jumpLag.ms);
  }

  private latencyMs(): number {
    return this.engine.graph.latency() * 1000;
  }

  private lineUp(): void {
    if (this.loaded === null) return;
    const { current, coming } = settled(this.score, this.clock.at(performance.now()));
    const next = current?.key === this.loaded ? coming[0] : undefined;
    if (current?.key !== this.loaded) return;
    this.engine.setNext(next && !next.silent ? { key: next.key, trackId: next.trackId, fades: false } : null);
  }

  private report(playing: boolean): void {
    this.listening?.look(this.engine.position() * 1000, playing && this.status === "playing");
  }

  private quiet(status: FollowerStatus): void {
    this.notAtAll();
    if (this.loaded !== null) {
      this.listening?.close(this.engine.position() * 1000);
      this.listening = null;
      this.loaded = null;
      this.started = false;
      this.engine.stop();
    }
    this.say(status);
  }

  private onStatus(status: EngineStatus, error: PlayerError | null): void {
    if (status === "error") {
      this.failed = this.loaded;
      this.quiet("silent");
      this.events.status("silent", error);
    } else if (status === "paused" && this.started && this.loaded !== null) {
      // Not by us: the browser wants a gesture first, or somebody pressed a key of their headphones.
      this.started = false;
      this.on = false;
      clearInterval(this.timer);
      this.say("blocked");
    } else if (status !== "idle" && this.on) {
      this.say(status === "playing" ? "playing" : this.score.head.playing ? "loading" : "paused");
    }
  }

  private onAdvanced(key: string, leftAtMs: number): void {
    this.listening?.look(leftAtMs, true);
    this.listening?.close(leftAtMs);
    const piece = [this.score.current, ...this.score.coming].find((one) => one?.key === key);
    this.listening = piece ? new Listening(piece.trackId, this.outbox) : null;
    this.loaded = key;
    this.settle(null);
    this.lineUp();
    this.events.turned();
  }

  private onEnded(): void {
    this.listening?.close(this.engine.duration() * 1000);
    this.listening = null;
    this.loaded = null;
    this.started = false;
    this.events.turned();
  }

  private say(status: FollowerStatus): void {
    if (status === this.status) return;
    this.status = status;
    this.events.status(status, null);
  }
}

/** Whose plays these are. */
function owner(): string {
  return session.get()?.userId ?? "guest";
}
