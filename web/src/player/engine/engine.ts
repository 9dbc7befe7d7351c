/** Plays one track after another. Knows nothing of queues: it is told what is playing and what comes next. */
import { chooseRendition } from "@/player/quality";
import type { LoudnessMode, PlayerError, QualityMode, Rendition, StreamDescription } from "@/player/types";
import { gainDb } from "@/player/loudness";
import { Descriptions } from "./descriptions";
import { AudioGraph } from "./graph";
import { MseSource, NotForMse, mseAvailable } from "./mse-source";
import { PassingFailure, ThroughputMeter, pauseBeforeRetry, saveDataWanted } from "./network";
import { PlainSource, choosePlain } from "./plain-source";
import type { EngineTrack } from "./segment";

export type EngineStatus = "idle" | "loading" | "playing" | "paused" | "buffering" | "error";

export type EngineEvents = {
  status(status: EngineStatus, error: PlayerError | null): void;
  /** The next track began by itself, without a break where the files allow it. */
  advanced(track: EngineTrack): void;
  described(track: EngineTrack, description: StreamDescription, rendition: Rendition): void;
  gain(db: number): void;
  ended(): void;
  tick(): void;
};

export type EngineSettings = { loudness: LoudnessMode; quality: QualityMode };

const TICK_MS = 250;
/** Sooner than this before the next track its gain is scheduled on the audio clock. */
const SCHEDULE_S = 0.8;
const SAVING_KBPS = 128;
/** A file must fit this many times into the throughput. */
const HEADROOM = 2;
/** A silent failure of the decoder is tried once more from the same place before it is reported. */
const DECODE_RETRIES = 1;

export class Engine {
  readonly audio = new Audio();
  readonly graph = new AudioGraph(this.audio);
  readonly descriptions: Descriptions;
  private readonly meter = new ThroughputMeter();
  private source: MseSource | PlainSource | null = null;
  private loading: { track: EngineTrack; at: number } | null = null;
  private next: EngineTrack | null = null;
  private wanted = false;
  private status: EngineStatus = "idle";
  private present: StreamDescription | null = null;
  private scheduledFor: string | null = null;
  private decodeFailures = 0;
  private skipping = false;

  constructor(
    load: (trackId: string) => Promise<StreamDescription>,
    private readonly events: EngineEvents,
    private settings: EngineSettings,
  ) {
    this.descriptions = new Descriptions(load);
    this.audio.preload = "auto";
    const on = (name: string, heard: () => void): void => this.audio.addEventListener(name, heard);
    on("playing", () => this.wanted && this.report("playing"));
    on("waiting", () => this.wanted && this.status !== "loading" && this.report("buffering"));
    on("pause", () => this.onPause());
    on("ended", () => this.onEnded());
    on("error", () => this.onElementError());
    on("timeupdate", () => this.tick());
    on("seeked", () => this.tick());
    setInterval(() => this.wanted && this.tick(), TICK_MS);
  }

  /** Starts over with this track. */
  load(track: EngineTrack, atSeconds: number, play: boolean): void {
    this.wanted = play;
    if (this.source instanceof MseSource && atSeconds === 0 && this.source.joins(track)) {
      this.skipping = true;
      this.source.skip();
      this.skipping = false;
      if (play) this.start();
      return;
    }
    this.drop();
    this.decodeFailures = 0;
    this.open(track, atSeconds, play);
  }

  setNext(track: EngineTrack | null): void {
    this.next = track;
    this.scheduledFor = null;
    if (this.source instanceof MseSource) this.source.setNext(track);
    else if (track) this.descriptions.prefetch(track.trackId);
  }

  play(): void {
    this.wanted = true;
    this.graph.unlock();
    if (this.status !== "playing") this.report(this.status === "paused" && this.ready() ? "playing" : "loading");
    this.start();
  }

  pause(): void {
    this.wanted = false;
    this.audio.pause();
    if (this.status !== "idle" && this.status !== "error") this.report("paused");
  }

  seek(seconds: number): void {
    if (this.source) this.source.seek(seconds);
    else if (this.loading) this.loading.at = seconds;
    if (this.wanted && this.audio.ended) this.start();
    this.events.tick();
  }

  stop(): void {
    this.wanted = false;
    this.silence();
    this.report("idle");
  }

  position(): number {
    return this.source?.position() ?? this.loading?.at ?? 0;
  }

  duration(): number {
    return this.source?.duration() ?? 0;
  }

  buffered(): number {
    return this.source?.buffered() ?? 0;
  }

  setSettings(settings: EngineSettings): void {
    this.settings = settings;
    this.scheduledFor = null;
    this.applyGain(this.present);
    if (this.source instanceof MseSource) this.source.wake();
  }

  private ready(): boolean {
    return this.audio.readyState > 2;
  }

  private open(track: EngineTrack, atSeconds: number, play: boolean): void {
    this.loading = { track, at: atSeconds };
    this.report(play ? "loading" : "paused");
    if (!mseAvailable()) {
      void this.openPlain(track);
      return;
    }
    this.source = new MseSource(
      this.audio,
      {
        descriptions: this.descriptions,
        meter: this.meter,
        choose: (description, playable) => this.choose(description, playable),
      },
      {
        crossed: (crossed) => this.onCrossed(crossed),
        described: (described, description, rendition) => this.onDescribed(described, description, rendition),
        failed: (failed, error) => this.onFailed(failed, error),
        hungry: (reason) => this.onHungry(reason),
      },
      track,
      atSeconds,
    );
    this.source.setNext(this.next);
    if (play) this.start();
  }

  private choose(description: StreamDescription, playable: (rendition: Rendition) => boolean): Rendition | null {
    const network = { throughputKbps: this.meter.kbps(), saveData: saveDataWanted() };
    return (
      chooseRendition(description.progressive, this.settings.quality, network, playable) ??
      (description.preview && playable(description.preview) ? description.preview : null)
    );
  }

  private async openPlain(track: EngineTrack): Promise<void> {
    try {
      const description = await this.describe(track);
      if (this.loading?.track !== track) return;
      const files = description.progressive.length > 0 ? description.progressive : [description.preview];
      const rendition = choosePlain(
        files.filter((file) => file !== null),
        (mime) => this.audio.canPlayType(mime),
        this.mostKbps(),
      );
      if (!rendition) {
        this.fail({ code: "nothing_playable", detail: "" });
        return;
      }
      const at = this.loading.at;
      this.source?.dispose();
      this.source = new PlainSource(this.audio, track, description, rendition, at);
      this.onDescribed(track, description, rendition);
      if (this.wanted) this.start();
    } catch (error) {
      if (this.loading?.track === track) this.fail(toPlayerError(error));
    }
  }

  /** What the network and the wish for quality leave room for, where there are no renditions to choose from. */
  private mostKbps(): number {
    const { quality } = this.settings;
    if (quality === "data_saver" || (quality === "auto" && saveDataWanted())) return SAVING_KBPS;
    const measured = this.meter.kbps();
    return quality === "auto" && measured !== null ? measured / HEADROOM : Number.POSITIVE_INFINITY;
  }

  /** Waits for the network as long as the track is wanted. */
  private async describe(track: EngineTrack): Promise<StreamDescription> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.descriptions.get(track.trackId);
      } catch (error) {
        if (!(error instanceof PassingFailure) || this.loading?.track !== track) throw error;
        await pauseBeforeRetry(attempt, new AbortController().signal);
      }
    }
  }

  private start(): void {
    if (!this.source) return;
    if (this.audio.ended) this.source.seek(0);
    this.audio.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") {
        this.wanted = false;
        this.report("paused");
      }
    });
  }

  private tick(): void {
    const { source } = this;
    if (this.wanted) this.graph.keepRunning();
    if (source instanceof MseSource) {
      source.notice();
      const remaining = source.untilNext();
      if (remaining !== null && remaining < SCHEDULE_S && this.next && this.scheduledFor !== this.next.key) {
        this.scheduledFor = this.next.key;
        void this.descriptions.get(this.next.trackId).then(
          (description) => this.applyGain(description, remaining),
          () => undefined,
        );
      }
    }
    this.events.tick();
  }

  private applyGain(description: StreamDescription | null, inSeconds = 0): void {
    if (!description) return;
    const db = gainDb(this.settings.loudness, description.loudness, description.album_loudness);
    this.graph.setGain(db, inSeconds);
    if (inSeconds === 0) this.events.gain(this.graph.active ? db : 0);
  }

  private onCrossed(track: EngineTrack): void {
    this.next = null;
    this.scheduledFor = null;
    this.decodeFailures = 0;
    this.loading = { track, at: 0 };
    if (!this.skipping) this.events.advanced(track);
  }

  private onDescribed(track: EngineTrack, description: StreamDescription, rendition: Rendition): void {
    this.present = description;
    this.applyGain(description);
    this.events.described(track, description, rendition);
  }

  private onHungry(reason: "network" | null): void {
    if (reason === null || !this.wanted || this.ready() || this.status === "loading") return;
    this.report("buffering");
  }

  private onFailed(track: EngineTrack, error: unknown): void {
    if (error instanceof NotForMse) {
      void this.openPlain(track);
      return;
    }
    if (this.recoverDecoding()) return;
    this.fail(toPlayerError(error));
  }

  private onElementError(): void {
    if (!this.source || this.recoverDecoding()) return;
    this.fail({ code: "decode_failed", detail: this.audio.error?.message ?? "" });
  }

  private recoverDecoding(): boolean {
    const { loading } = this;
    if (!loading || !this.audio.error || this.decodeFailures >= DECODE_RETRIES) return false;
    this.decodeFailures += 1;
    const at = this.position();
    this.drop();
    this.open(loading.track, at, this.wanted);
    return true;
  }

  private onPause(): void {
    // The end of the media pauses too; that is told by `ended`.
    if (this.audio.ended || !this.wanted || !this.audio.paused) return;
    this.wanted = false;
    this.report("paused");
  }

  private onEnded(): void {
    const { next } = this;
    if (next) {
      this.next = null;
      this.drop();
      this.events.advanced(next);
      this.open(next, 0, true);
      return;
    }
    this.wanted = false;
    this.report("paused");
    this.events.ended();
  }

  private drop(): void {
    this.source?.dispose();
    this.source = null;
    this.loading = null;
    this.scheduledFor = null;
  }

  private silence(): void {
    this.drop();
    this.present = null;
    this.audio.removeAttribute("src");
    this.audio.load();
  }

  private fail(error: PlayerError): void {
    this.wanted = false;
    this.silence();
    this.report("error", error);
  }

  private report(status: EngineStatus, error: PlayerError | null = null): void {
    this.status = status;
    if (status === "paused" || status === "idle" || status === "error") this.graph.rest();
    this.events.status(status, error);
  }
}

function toPlayerError(error: unknown): PlayerError {
  const code = (error as { code?: unknown } | null)?.code;
  const detail = error instanceof Error ? error.message : String(error);
  return { code: typeof code === "string" ? code : "playback_failed", detail };
}
