/** Brings queue, engine, reports and the browser's media keys together. One instance a page. */
import { session } from "@/shared/lib/session";
import { loadWaveform, passes, reportProgress, startPlay } from "./api";
import { Engine, type EngineStatus } from "./engine/engine";
import { FirstSound } from "./first-sound";
import { isLocal } from "./local";
import { connectMediaSession, describeToSession, tellSession } from "./media-session";
import { recall, remember } from "./memory";
import * as queue from "./queue";
import { Listening } from "./reporting/listening";
import { loadHereOrThere } from "./offline/here";
import { PlayOutbox } from "./reporting/outbox";
import { playerSettings } from "./settings";
import { type PlayerState, playerStore } from "./store";
import { Tabs } from "./tabs";
import { Watch } from "./watch";
import type { PlayerError, QueueItem, Rendition, RepeatMode, StreamDescription } from "./types";
import { newUuid } from "@/shared/lib/uuid";

const REMEMBER_MS = 5000;
/** Going back within this time goes to the previous track; later it begins the present one again. */
const RESTART_AFTER_MS = 3000;
const SKIP_BROKEN_MS = 2500;
const MOST_BROKEN_IN_A_ROW = 3;

export class PlayerController {
  readonly engine: Engine;
  private state: queue.QueueState;
  private readonly outbox: PlayOutbox;
  private readonly tabs: Tabs;
  private readonly firstSound: FirstSound;
  private readonly watch: Watch;
  private listening: Listening | null = null;
  private loadedKey: string | null = null;
  private resumeAtMs: number;
  private rememberedAt = 0;
  private broken = 0;
  private skipTimer: ReturnType<typeof setTimeout> | undefined;
  private positionBefore = 0;
  private waveformUrl: string | null = null;

  constructor() {
    const remembered = recall();
    this.state = remembered.queue;
    this.resumeAtMs = remembered.positionMs;
    this.outbox = new PlayOutbox({ start: startPlay, progress: reportProgress, passes }, owner);
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
    this.firstSound = new FirstSound(this.engine.graph, () => playerStore.getState().status === "playing");
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
    playerStore.setState({ volume: remembered.volume, muted: remembered.muted });
    this.engine.graph.setVolume(remembered.muted ? 0 : remembered.volume);
    this.show({ positionMs: this.resumeAtMs, durationMs: this.item()?.durationMs ?? 0 });
    if (this.item()) playerStore.setState({ status: "paused" });
    this.connect();
    void this.outbox.flush();
  }

  playNow(items: readonly QueueItem[], startIndex = 0): void {
    if (items.length === 0) return;
    this.change(queue.replace(this.state, withFreshKeys([], items), startIndex));
    this.begin(true);
  }

  playNext(items: readonly QueueItem[]): void {
    this.add(queue.insertNext(this.state, withFreshKeys(this.state.items, items)));
  }

  enqueue(items: readonly QueueItem[]): void {
    this.add(queue.append(this.state, withFreshKeys(this.state.items, items)));
  }

  toggle(): void {
    const { status } = playerStore.getState();
    if (status === "playing" || status === "loading" || status === "buffering") this.pause();
    else this.play();
  }

  play(): void {
    const item = this.item();
    if (!item) return;
    this.wake();
    if (this.loadedKey === item.key) this.engine.play();
    else this.begin(true, this.resumeAtMs);
  }

  pause(): void {
    clearTimeout(this.skipTimer);
    this.engine.pause();
  }

  next(): void {
    this.goTo(queue.indexOfNext(this.state));
  }

  previous(): void {
    if (this.positionMs() > RESTART_AFTER_MS) this.seek(0);
    else this.goTo(queue.indexOfPrevious(this.state));
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
      this.listening?.jumped(this.positionMs());
      this.engine.seek(target / 1000);
    }
    this.positionBefore = target;
    playerStore.setState({ positionMs: target });
    this.tell();
    this.keep();
  }

  remove(key: string): void {
    const playing = this.item()?.key;
    this.change(queue.remove(this.state, key));
    if (key === playing) this.afterLoss();
    else this.lineUp();
  }

  move(key: string, toIndex: number): void {
    this.change(queue.move(this.state, key, toIndex));
    this.lineUp();
  }

  clear(): void {
    this.change({ ...queue.emptyQueue, repeat: this.state.repeat });
    this.afterLoss();
  }

  setVolume(volume: number): void {
    const level = Math.min(1, Math.max(0, volume));
    playerStore.setState({ volume: level, muted: level === 0 });
    this.engine.graph.setVolume(level);
    this.keep();
  }

  toggleMute(): void {
    const { muted, volume } = playerStore.getState();
    const level = muted && volume === 0 ? 0.5 : volume;
    playerStore.setState({ muted: !muted, volume: level });
    this.engine.graph.setVolume(muted ? level : 0);
    this.keep();
  }

  setRepeat(repeat: RepeatMode): void {
    this.change({ ...this.state, repeat });
    this.lineUp();
  }

  setShuffle(on: boolean): void {
    this.change(on ? queue.shuffle(this.state) : queue.unshuffle(this.state));
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

  private item(): QueueItem | null {
    return queue.current(this.state);
  }

  private wake(): void {
    this.engine.graph.unlock();
    this.firstSound.asked();
  }

  private add(state: queue.QueueState): void {
    const wasEmpty = this.state.items.length === 0;
    this.change(state);
    if (wasEmpty) this.begin(false);
    else this.lineUp();
  }

  private goTo(index: number): void {
    if (index < 0 || index >= this.state.items.length) return;
    this.change(queue.jump(this.state, index));
    this.begin(true);
  }

  /** Loads the entry the queue points at. */
  private begin(play: boolean, atMs = 0): void {
    const item = this.item();
    clearTimeout(this.skipTimer);
    if (!item) return;
    if (play) this.wake();
    this.closeListening();
    this.loadedKey = item.key;
    this.resumeAtMs = 0;
    this.positionBefore = atMs;
    this.waveformUrl = null;
    this.show({ positionMs: atMs, durationMs: item.durationMs ?? 0, bufferedMs: 0, waveform: null, quality: null });
    this.listening = this.listeningTo(item);
    this.watch.trackChanged();
    describeToSession(item);
    this.engine.load({ key: item.key, trackId: item.trackId }, atMs / 1000, play);
    this.lineUp();
  }

  /** Tells the engine what follows. */
  private lineUp(): void {
    if (this.loadedKey === null) return;
    const item = this.item();
    const next = this.watch.endsWithTrack ? undefined : this.state.items[queue.indexAfterEnd(this.state)];
    if (!item || !next) {
      this.engine.setNext(null);
      return;
    }
    const joined = playerSettings.get().keepAlbums && queue.followsOnAlbum(item, next);
    this.engine.setNext({ key: next.key, trackId: next.trackId, fades: !joined && next.key !== item.key });
  }

  private turn(ms: number): void {
    this.listening?.turned();
    this.engine.seek(ms / 1000);
    this.positionBefore = ms;
    playerStore.setState({ positionMs: ms });
  }

  private afterLoss(): void {
    const { status } = playerStore.getState();
    if (this.item()) {
      this.begin(status === "playing" || status === "loading" || status === "buffering");
      return;
    }
    clearTimeout(this.skipTimer);
    this.closeListening();
    this.loadedKey = null;
    this.resumeAtMs = 0;
    this.engine.stop();
    describeToSession(null);
    this.show({ positionMs: 0, durationMs: 0, bufferedMs: 0, waveform: null, quality: null, status: "idle" });
  }

  private onStatus(status: EngineStatus, error: PlayerError | null): void {
    const before = playerStore.getState().status;
    if (status === before && error === null) return;
    this.look();
    playerStore.setState({ status: status === "idle" && this.item() ? "paused" : status, error });
    if (status === "playing") {
      this.broken = 0;
      this.tabs.announce();
    }
    if (status === "paused") {
      this.listening?.report(this.positionMs());
      this.keep();
    }
    if (status === "error") this.onBroken();
    if (status !== "loading") this.fetchWaveform();
    this.tell();
  }

  /** A track that cannot be played must not end the evening: after a moment the next one has its turn. */
  private onBroken(): void {
    this.broken += 1;
    this.closeListening();
    this.loadedKey = null;
    this.resumeAtMs = 0;
    const index = queue.indexOfNext(this.state);
    if (index < 0 || index === this.state.index || this.broken >= MOST_BROKEN_IN_A_ROW) return;
    this.skipTimer = setTimeout(() => this.goTo(index), SKIP_BROKEN_MS);
  }

  /** The engine has gone on to the next track by itself. */
  private onAdvanced(key: string, leftAtMs: number): void {
    const index = this.state.items.findIndex((item) => item.key === key);
    const item = this.state.items[index];
    if (!item) return;
    this.listening?.look(leftAtMs, playerStore.getState().status === "playing");
    this.listening?.close(leftAtMs);
    this.watch.trackChanged();
    this.change(queue.jump(this.state, index));
    this.loadedKey = key;
    this.positionBefore = 0;
    this.listening = this.listeningTo(item);
    this.show({ positionMs: 0, durationMs: item.durationMs ?? 0, bufferedMs: 0, waveform: null });
    describeToSession(item);
    this.lineUp();
  }

  private onDescribed(key: string, description: StreamDescription, rendition: Rendition): void {
    if (key !== this.loadedKey) return;
    playerStore.setState({ quality: rendition.quality, durationMs: description.duration_ms });
    this.waveformUrl = description.waveform_url;
    // The first bytes of sound have the network for themselves.
    if (playerStore.getState().status !== "loading") this.fetchWaveform();
  }

  private fetchWaveform(): void {
    const { waveformUrl: url, loadedKey: key } = this;
    this.waveformUrl = null;
    if (url === null || playerStore.getState().waveform !== null) return;
    void loadWaveform(url).then((waveform) => {
      if (key === this.loadedKey) playerStore.setState({ waveform });
    });
  }

  private onEnded(): void {
    this.listening?.close(playerStore.getState().durationMs);
    this.listening = null;
    this.loadedKey = null;
    if (this.watch.endsWithTrack) {
      this.watch.setSleep(null);
      const next = queue.indexAfterEnd(this.state);
      if (next >= 0) this.change(queue.jump(this.state, next));
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
    if (performance.now() - this.rememberedAt > REMEMBER_MS) {
      this.keep();
      this.tell();
    }
  }

  private look(): void {
    const positionMs = this.positionMs();
    this.listening?.look(positionMs, playerStore.getState().status === "playing");
    this.positionBefore = positionMs;
  }

  /** What is only on this device is nobody's play. */
  private listeningTo(item: QueueItem): Listening | null {
    return isLocal(item.trackId) ? null : new Listening(item.trackId, this.outbox);
  }

  private closeListening(): void {
    this.listening?.close(this.positionBefore);
    this.listening = null;
  }

  private change(state: queue.QueueState): void {
    this.state = state;
    this.show({});
    this.keep();
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
    const { status, durationMs } = playerStore.getState();
    const sounding = status === "playing" || status === "loading" || status === "buffering";
    tellSession(sounding, this.item() !== null, this.positionMs(), durationMs, playerSettings.get().speed);
  }

  private keep(): void {
    this.rememberedAt = performance.now();
    const { volume, muted } = playerStore.getState();
    remember({ queue: this.state, positionMs: Math.round(this.positionMs()), volume, muted });
  }

  private connect(): void {
    connectMediaSession({
      play: () => this.play(),
      pause: () => this.pause(),
      next: () => this.next(),
      previous: () => this.previous(),
      seek: (ms) => this.seek(ms),
      stop: () => this.pause(),
      positionMs: () => this.positionMs(),
    });
    describeToSession(this.item());
    addEventListener("pagehide", () => {
      this.look();
      this.listening?.report(this.positionMs());
      this.keep();
    });
    addEventListener("online", () => void this.outbox.flush());
    session.subscribe(() => void this.outbox.flush());
    // The audio device wakes up while the finger is still on its way to the button.
    const warmUp = (): void => {
      this.engine.graph.unlock();
      if (playerStore.getState().status !== "playing") this.engine.graph.rest();
    };
    addEventListener("pointerdown", warmUp, { once: true, capture: true });
    addEventListener("keydown", warmUp, { once: true, capture: true });
  }
}

/** Entries get a new key where theirs is in the queue already: a track may stand in it many times. */
function withFreshKeys(present: readonly QueueItem[], added: readonly QueueItem[]): QueueItem[] {
  const taken = new Set(present.map((item) => item.key));
  return added.map((item) => {
    const key = taken.has(item.key) ? newUuid() : item.key;
    taken.add(key);
    return { ...item, key };
  });
}

/** Whose plays these are: a report is never sent under another person's name. */
function owner(): string {
  return session.get()?.userId ?? "guest";
}
