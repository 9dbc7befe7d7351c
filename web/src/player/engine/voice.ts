/** One deck with what plays on it: gapless by Media Source Extensions, or a file that the element plays by itself. */
import { chooseRendition } from "@/player/quality";
import type { QualityMode, Rendition, StreamDescription } from "@/player/types";
import type { Descriptions } from "./descriptions";
import { MseSource, NotForMse, mseAvailable } from "./mse-source";
import { PassingFailure, type ThroughputMeter, pauseBeforeRetry, saveDataWanted } from "./network";
import { PlainSource, choosePlain } from "./plain-source";
import type { EngineTrack } from "./segment";

const SAVING_KBPS = 128;
/** A file must fit this many times into the throughput. */
const HEADROOM = 2;

export class NothingPlayable extends Error {
  readonly code = "nothing_playable";
}

export type VoiceTools = {
  descriptions: Descriptions;
  meter: ThroughputMeter;
  quality(): QualityMode;
};

export type VoiceCalls = {
  /** The element has what it needs to be started. */
  opened(voice: Voice): void;
  described(voice: Voice): void;
  crossed(voice: Voice): void;
  failed(voice: Voice, error: unknown): void;
  hungry(voice: Voice): void;
};

export class Voice {
  source: MseSource | PlainSource | null = null;
  description: StreamDescription | null = null;
  rendition: Rendition | null = null;
  private gone = new AbortController();

  constructor(
    readonly deck: number,
    readonly audio: HTMLAudioElement,
    public track: EngineTrack,
    private at: number,
    private readonly tools: VoiceTools,
    private readonly calls: VoiceCalls,
  ) {}

  /** To be called once, after the voice has its place: it may answer at once. */
  begin(): void {
    if (!mseAvailable()) {
      void this.openPlain();
      return;
    }
    this.source = new MseSource(
      this.audio,
      {
        descriptions: this.tools.descriptions,
        meter: this.tools.meter,
        choose: (description, playable) => this.choose(description, playable),
      },
      {
        crossed: (track) => this.onCrossed(track),
        described: (track, description, rendition) => this.onDescribed(track, description, rendition),
        failed: (_track, error) => this.onFailed(error),
        hungry: (reason) => reason !== null && this.calls.hungry(this),
      },
      this.track,
      this.at,
    );
    this.calls.opened(this);
  }

  /** Whether the element could go on without a pause. */
  ready(): boolean {
    return this.audio.readyState > 2;
  }

  position(): number {
    return this.source?.position() ?? this.at;
  }

  duration(): number {
    return this.source?.duration() ?? 0;
  }

  buffered(): number {
    return this.source?.buffered() ?? 0;
  }

  seek(seconds: number): void {
    if (this.source) this.source.seek(seconds);
    else this.at = seconds;
  }

  /** Whether it stands still with this track, so that it could go on from anywhere in it. */
  waits(track: EngineTrack): boolean {
    return this.track.key === track.key && this.source !== null && this.audio.paused && this.audio.error === null;
  }

  setNext(track: EngineTrack | null): void {
    if (this.source instanceof MseSource) this.source.setNext(track);
    else if (track) this.tools.descriptions.prefetch(track.trackId);
  }

  /** Whether the track stands on this deck's timeline, right behind the present one. */
  joins(track: EngineTrack): boolean {
    return this.source instanceof MseSource && this.source.joins(track);
  }

  /** Whether the timeline cannot hold what follows: another kind of file, or one that could not be joined. */
  standsAlone(): boolean {
    return this.source instanceof PlainSource || (this.source instanceof MseSource && this.source.untilNext() === null);
  }

  /** Ends what it does; the element keeps what it has until another voice takes it over. */
  dispose(): void {
    this.gone.abort();
    this.source?.dispose();
    this.source = null;
  }

  /** Ends, and leaves the element empty. */
  silence(): void {
    this.dispose();
    this.audio.pause();
    this.audio.removeAttribute("src");
    this.audio.load();
  }

  private choose(description: StreamDescription, playable: (rendition: Rendition) => boolean): Rendition | null {
    const network = { throughputKbps: this.tools.meter.kbps(), saveData: saveDataWanted() };
    return (
      chooseRendition(description.progressive, this.tools.quality(), network, playable) ??
      (description.preview && playable(description.preview) ? description.preview : null)
    );
  }

  private onCrossed(track: EngineTrack): void {
    this.track = track;
    this.at = 0;
    this.calls.crossed(this);
  }

  private onDescribed(track: EngineTrack, description: StreamDescription, rendition: Rendition): void {
    this.track = track;
    this.description = description;
    this.rendition = rendition;
    this.calls.described(this);
  }

  private onFailed(error: unknown): void {
    if (error instanceof NotForMse) void this.openPlain();
    else this.calls.failed(this, error);
  }

  private async openPlain(): Promise<void> {
    const { signal } = this.gone;
    try {
      const description = await this.describe();
      if (signal.aborted) return;
      const files = description.progressive.length > 0 ? description.progressive : [description.preview];
      const rendition = choosePlain(
        files.filter((file) => file !== null),
        (mime) => this.audio.canPlayType(mime),
        this.mostKbps(),
      );
      if (!rendition) throw new NothingPlayable();
      const at = this.position();
      this.source?.dispose();
      this.source = new PlainSource(this.audio, description, rendition, at);
      this.onDescribed(this.track, description, rendition);
      this.calls.opened(this);
    } catch (error) {
      if (!signal.aborted) this.calls.failed(this, error);
    }
  }

  /** What the network and the wish for quality leave room for, where there are no renditions to choose from. */
  private mostKbps(): number {
    const quality = this.tools.quality();
    if (quality === "data_saver" || (quality === "auto" && saveDataWanted())) return SAVING_KBPS;
    const measured = this.tools.meter.kbps();
    return quality === "auto" && measured !== null ? measured / HEADROOM : Number.POSITIVE_INFINITY;
  }

  /** Waits for the network as long as the track is wanted. */
  private async describe(): Promise<StreamDescription> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.tools.descriptions.get(this.track.trackId);
      } catch (error) {
        if (!(error instanceof PassingFailure)) throw error;
        this.calls.hungry(this);
        await pauseBeforeRetry(attempt, this.gone.signal);
      }
    }
  }
}
