/** Brings queue, engine, reports and the browser's media keys together. One instance a page. */
import { session } from "@/shared/lib/session";
import { playServer } from "./api";
import { Engine, type EngineStatus } from "./engine/engine";
import { FirstSound } from "./first-sound";
import { connectPage, MediaKeys } from "./media-session";
import { type Desk, type Taken } from "./desk";
import { nextTrack, passedOver } from "./following";
import { LeftOff } from "./left-off";
import * as queue from "./queue";
import { Heard } from "./reporting/heard";
import { loadHereOrThere } from "./offline/here";
import { PlayOutbox } from "./reporting/outbox";
import { playerSettings } from "./settings";
import { isSounding, type PlayerState, playerStore } from "./store";
import { Tabs } from "./tabs";
import { Volume } from "./volume";
import { Watch } from "./watch";
import { WaveformLater } from "./waveform-later";
import type { PlayerError, QueueItem, Rendition, RepeatMode, StreamDescription } from "./types";

const REMEMBER_MS = 5000;
/** Going back within this time goes to the previous track; later it begins the present one again. */
const RESTART_AFTER_MS = 3000;
const SKIP_BROKEN_MS = 2500;
const MOST_BROKEN_IN_A_ROW = 3;

/** Who knows of other devices. */
export type SteeringEars = {
  /** The queue of the server has been taken over. */
  taken(): void;
  /** Whether what others choose is played here. */
  mayFollow(): boolean;
  played(playing: boolean): void;
};

export class PlayerController {
  readonly engine: Engine;
  steering: SteeringEars | null = null;
  private status: PlayerState["status"] = "idle";
  private quiet = false;
  private readonly outbox = new PlayOutbox(playServer, owner);
  private readonly heard = new Heard(this.outbox);
  private readonly tabs: Tabs;
  private readonly firstSound: FirstSound;
  private readonly watch: Watch;
  private readonly volume: Volume;
  private loadedKey: string | null = null;
  private resumeAtMs: number;
  private rememberedAt = 0;
  private broken = 0;
  private skipTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly waveform = new WaveformLater();
  private readonly leftOff = new LeftOff((trackId) => this.engine.descriptions.get(trackId));
  private readonly keys = new MediaKeys({
    play: () => this.play(),
    pause: () => this.pause(),
    next: () => this.next(),
    previous: () => this.previous(),
    seek: (ms) => this.seek(ms),
    stop: () => this.pause(),
    positionMs: () => this.positionMs(),
  });

  constructor(private readonly desk: Desk) {
    this.resumeAtMs = desk.resumeAtMs;
    this.engine = new Engine(
      loadHereOrThere,
      {
        status: (status, error) => this.onStatus(status, error),
        advanced: (track, leftAt) => this.onAdvanced(track.key, leftAt * 1000),
        described: (track, description, rendition) => this.onDescribed(track.key, description, rendition),
        gain: (db) => playerStore.setState({ loudnessGainDb: db }),
        ended: () => this.onEnded(),
        tick: () => this.onTick(),
      },
      playerSettings.get(),
    );
    this.tabs = new Tabs(() => this.pause());
    this.firstSound = new FirstSound(this.engine.graph, () => this.status === "playing");
    this.watch = new Watch({
      pause: () => this.pause(),
      turn: (ms) => this.turn(ms),
      fade: (level, seconds) => this.engine.graph.fadeAll(level, seconds),
      positionMs: () => this.positionMs(),
      speed: () => playerSettings.get().speed,
    });
    playerSettings.subscribe((settings) => {
      this.engine.setSettings(settings);
      this.lineUp();
      this.tell();
    });
    this.volume = new Volume((level) => {
      this.engine.graph.setVolume(level);
      this.steering?.played(this.isSounding());
    });
    desk.ears = {
      changed: () => this.onChanged(),
      taken: (what) => this.onTaken(what),
      swapped: (positionMs) => this.onSwapped(positionMs),
      refused: (code) => playerStore.setState({ error: { code, detail: "" } }),
    };
    this.show({ positionMs: this.resumeAtMs, durationMs: this.item()?.durationMs ?? 0 });
    if (this.item()) this.setStatus("paused");
    this.connect();
    void this.outbox.flush();
  }

  playNow(items: readonly QueueItem[], startIndex = 0): void {
    if (items.length === 0) return;
    this.desk.replace(items, startIndex);
    this.begin(true);
  }

  playNext(items: readonly QueueItem[]): void {
    this.add(() => this.desk.insertNext(items));
  }

  enqueue(items: readonly QueueItem[]): void {
    this.add(() => this.desk.append(items));
  }

  toggle(): void {
    if (this.isSounding()) this.pause();
    else this.play();
  }

  play(): void {
    const item = this.item();
    if (!item) return;
    this.wake();
    this.desk.tellCurrent(this.positionMs());
    if (this.loadedKey === item.key) this.engine.play();
    else this.begin(true, this.resumeAtMs || undefined);
  }

  pause(): void {
    clearTimeout(this.skipTimer);
    this.engine.pause();
  }

  /** Silent, because the music has gone to another device: that one knows where it is. */
  leave(): void {
    if (!this.isSounding()) return;
    this.quiet = true;
    this.desk.head.guess(this.positionMs());
    this.desk.tellPlace(this.positionMs());
    this.pause();
    this.quiet = false;
  }

  /** From another device to this one. */
  goOn(positionMs: number): void {
    this.begin(true, positionMs);
    this.desk.tellCurrent(positionMs);
  }

  next(): void {
    this.goTo(queue.indexOfNext(this.state, passedOver));
  }

  previous(): void {
    if (this.positionMs() > RESTART_AFTER_MS) this.seek(0);
    else this.goTo(queue.indexOfPrevious(this.state, passedOver));
  }

  jump(index: number): void {
    this.goTo(index);
  }

  seek(ms: number): void {
    const duration = playerStore.getState().durationMs;
    const target = Math.max(0, duration > 0 ? Math.min(ms, duration - 50) : ms);
    if (this.loadedKey === null) {
      this.resumeAtMs = target;
    } else {
      this.heard.jumped(this.positionMs(), target);
      this.engine.seek(target / 1000);
    }
    playerStore.setState({ positionMs: target });
    this.tell();
    this.keep("now");
  }

  remove(key: string): void {
    const playing = this.item()?.key;
    this.desk.remove(key);
    if (key === playing) this.afterLoss();
    else this.lineUp();
  }

  move(key: string, toIndex: number): void {
    this.desk.move(key, toIndex);
    this.lineUp();
  }

  clear(): void {
    this.desk.clear();
    this.afterLoss();
  }

  setVolume(volume: number): void {
    this.volume.set(volume);
  }

  toggleMute(): void {
    this.volume.toggleMute();
  }

  setRepeat(repeat: RepeatMode): void {
    this.desk.setRepeat(repeat);
    this.lineUp();
  }

  setShuffle(on: boolean): void {
    this.desk.setShuffle(on);
    this.lineUp();
  }

  /** The music ends after so many minutes, with the track, or not by itself. */
  setSleep(wish: number | "track" | null): void {
    this.watch.setSleep(wish);
    this.lineUp();
  }

  /** Marks A, then B, then lets the passage go. */
  cycleLoop(): void {
    if (this.loadedKey !== null) this.watch.cycleLoop();
  }

  /** Ask ahead for what will probably be played, so that the first sound comes sooner. */
  prefetch(trackId: string): void {
    this.engine.descriptions.prefetch(trackId);
  }

  positionMs(): number {
    if (this.loadedKey === null) return this.resumeAtMs;
    return this.engine.position() * 1000;
  }

  /** What a row of the list is about to show. */
  lookAt(index: number): void {
    this.desk.look(index);
  }

  private get state(): queue.QueueState {
    return this.desk.state;
  }

  private item(): QueueItem | null {
    return this.desk.current;
  }

  private wake(): void {
    this.engine.graph.unlock();
    this.firstSound.asked();
  }

  private add(act: () => void): void {
    const wasEmpty = this.state.items.length === 0;
    act();
    if (wasEmpty) this.begin(false);
    else this.lineUp();
  }

  private goTo(index: number): void {
    if (index < 0 || index >= this.state.items.length) return;
    this.desk.jump(index);
    this.begin(true);
  }

  /** Loads the entry the queue points at. */
  private begin(play: boolean, wantedMs?: number): void {
    const item = this.item();
    clearTimeout(this.skipTimer);
    if (!item) return;
    const atMs = wantedMs ?? this.leftOff.begin(item.trackId);
    if (play) this.wake();
    this.heard.begin(item.trackId, atMs);
    this.loadedKey = item.key;
    this.resumeAtMs = 0;
    this.waveform.of(null);
    this.show({ positionMs: atMs, durationMs: item.durationMs ?? 0, bufferedMs: 0, waveform: null, quality: null });
    this.watch.trackChanged();
    this.keys.describe(item);
    this.engine.load({ key: item.key, trackId: item.trackId }, atMs / 1000, play);
    this.lineUp();
  }

  /** Tells the engine what follows. */
  private lineUp(): void {
    if (this.loadedKey === null) return;
    const begins = (item: QueueItem): number => this.leftOff.ahead(item, () => this.lineUp());
    this.engine.setNext(this.watch.endsWithTrack ? null : nextTrack(this.state, begins));
  }

  private turn(ms: number): void {
    this.heard.turned(ms);
    this.engine.seek(ms / 1000);
    playerStore.setState({ positionMs: ms });
  }

  private afterLoss(): void {
    if (this.item()) {
      this.begin(this.isSounding());
      return;
    }
    clearTimeout(this.skipTimer);
    this.heard.end();
    this.loadedKey = null;
    this.resumeAtMs = 0;
    this.engine.stop();
    this.keys.describe(null);
    this.show({ positionMs: 0, durationMs: 0, bufferedMs: 0, waveform: null, quality: null });
    this.setStatus("idle");
  }

  private onStatus(status: EngineStatus, error: PlayerError | null): void {
    const before = this.status;
    if (status === before && error === null) return;
    this.look();
    this.setStatus(status === "idle" && this.item() ? "paused" : status, error);
    if (status === "playing") {
      this.broken = 0;
      this.tabs.announce();
    }
    if (status === "paused") {
      this.heard.report(this.positionMs());
      if (!this.quiet) this.keep(isSounding(before) ? "now" : "never");
    }
    if (status === "error") this.onBroken();
    if (status !== "loading") this.waveform.bring();
    this.tell();
  }

  /** A track that cannot be played must not end the evening: after a moment the next one has its turn. */
  private onBroken(): void {
    this.broken += 1;
    this.heard.end();
    this.loadedKey = null;
    this.resumeAtMs = 0;
    const index = queue.indexOfNext(this.state, passedOver);
    if (index < 0 || index === this.state.index || this.broken >= MOST_BROKEN_IN_A_ROW) return;
    this.skipTimer = setTimeout(() => this.goTo(index), SKIP_BROKEN_MS);
  }

  /** The engine has gone on to the next track by itself. */
  private onAdvanced(key: string, leftAtMs: number): void {
    const index = this.state.items.findIndex((item) => item.key === key);
    const item = this.state.items[index];
    if (!item) return;
    const atMs = this.leftOff.begin(item.trackId);
    this.heard.look(leftAtMs, this.status === "playing");
    this.heard.begin(item.trackId, atMs);
    this.waveform.of(null);
    this.watch.trackChanged();
    this.desk.jump(index);
    this.loadedKey = key;
    this.show({ positionMs: atMs, durationMs: item.durationMs ?? 0, bufferedMs: 0, waveform: null });
    this.keys.describe(item);
    this.lineUp();
  }

  private onDescribed(key: string, description: StreamDescription, rendition: Rendition): void {
    if (key !== this.loadedKey) return;
    playerStore.setState({ quality: rendition.quality, durationMs: description.duration_ms });
    this.waveform.of(description.waveform_url);
    if (this.status !== "loading") this.waveform.bring();
    const leftMs = this.leftOff.described(description);
    if (leftMs > 0) this.seek(leftMs);
  }

  private onEnded(): void {
    this.heard.end(playerStore.getState().durationMs);
    this.loadedKey = null;
    if (this.watch.endsWithTrack) {
      this.watch.setSleep(null);
      const next = queue.indexAfterEnd(this.state, passedOver);
      if (next >= 0) this.desk.jump(next);
    }
    this.resumeAtMs = 0;
    this.engine.stop();
    playerStore.setState({ positionMs: 0, bufferedMs: 0 });
    this.keep();
  }

  private onTick(): void {
    if (this.loadedKey === null) return;
    this.look();
    this.watch.look();
    const positionMs = this.positionMs();
    const durationMs = this.engine.duration() * 1000 || playerStore.getState().durationMs;
    playerStore.setState({ positionMs, durationMs, bufferedMs: this.engine.buffered() * 1000 });
    this.leftOff.note(this.item()?.trackId, positionMs, durationMs);
    if (performance.now() - this.rememberedAt > REMEMBER_MS) {
      this.keep("sometimes");
      this.tell();
    }
  }

  private look(): void {
    this.heard.look(this.positionMs(), this.status === "playing");
  }

  private onChanged(): void {
    this.show({});
    this.keep();
    // What has become known of the next one may mean that another one follows.
    if (this.item()?.key === this.loadedKey) this.lineUp();
  }

  /** What came from the server holds. Music goes on here unless another device went elsewhere. */
  private onTaken({ moved, foreign, positionMs }: Taken): void {
    const item = this.item();
    const same = item !== null && item.key === this.loadedKey;
    this.show({});
    if (this.loadedKey !== null && (!foreign || (same && this.isSounding() && !moved))) {
      if (same) this.lineUp();
      else this.afterLoss();
    } else if (foreign && !(same && Math.abs(positionMs - this.positionMs()) < RESTART_AFTER_MS)) {
      if (this.isSounding() && this.steering?.mayFollow()) this.begin(true, positionMs);
      else this.rest(positionMs, this.status === "paused" ? playerStore.getState().error : null);
    }
    this.steering?.taken();
  }

  private onSwapped(positionMs: number): void {
    if (this.item()?.key === this.loadedKey && this.loadedKey !== null) {
      this.show({});
      this.lineUp();
    } else this.rest(positionMs);
  }

  /** Silent, and ready to go on from there. `error`: what is told meanwhile, such as that another device is gone. */
  rest(positionMs: number, error: PlayerError | null = null): void {
    clearTimeout(this.skipTimer);
    this.heard.end();
    this.loadedKey = null;
    this.resumeAtMs = positionMs;
    const item = this.item();
    this.engine.stop(item?.key);
    this.keys.describe(item);
    this.show({ positionMs, durationMs: item?.durationMs ?? 0, bufferedMs: 0, waveform: null, quality: null });
    this.setStatus(item ? "paused" : "idle", error);
  }

  isSounding(): boolean {
    return isSounding(this.status);
  }

  private setStatus(status: PlayerState["status"], error: PlayerError | null = null): void {
    const before = this.isSounding();
    this.status = status;
    playerStore.setState({ status, error });
    if (this.isSounding() !== before) this.steering?.played(!before);
  }

  private show(more: Partial<PlayerState>): void {
    playerStore.setState({
      queue: [...this.state.items],
      index: this.state.index,
      repeat: this.state.repeat,
      shuffle: this.state.original !== null,
      ...more,
    });
  }

  private tell(): void {
    const { durationMs } = playerStore.getState();
    const what = { playing: this.isSounding(), hasTrack: this.item() !== null, positionMs: this.positionMs() };
    this.keys.tell({ ...what, durationMs, speed: playerSettings.get().speed });
  }

  private keep(tell: "now" | "sometimes" | "never" = "never"): void {
    this.rememberedAt = performance.now();
    this.desk.at(this.positionMs(), tell);
  }

  private connect(): void {
    this.keys.describe(this.item());
    this.keys.takeIfFree();
    connectPage({
      leaving: () => {
        this.look();
        this.heard.report(this.positionMs());
        this.keep(this.isSounding() ? "now" : "never");
      },
      reachable: () => void this.outbox.flush(),
      warmUp: () => {
        this.engine.graph.unlock();
        if (this.status !== "playing") this.engine.graph.rest();
      },
    });
  }
}

/** Whose plays these are: a report is never sent under another person's name. */
function owner(): string {
  return session.get()?.userId ?? "guest";
}
