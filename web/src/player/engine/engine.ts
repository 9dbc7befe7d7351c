/**
 * Plays one track after another on two decks. Knows nothing of queues: it is told what is playing and what comes next.
 * Tracks that join stand on the timeline of one deck; the other is for what cannot join, and for crossfades.
 */
import type { Equaliser } from "@/player/equaliser";
import { gainDb } from "@/player/loudness";
import type { LoudnessMode, PlayerError, QualityMode, Rendition, StreamDescription } from "@/player/types";
import { Descriptions } from "./descriptions";
import { AudioGraph } from "./graph";
import { MseSource } from "./mse-source";
import { ThroughputMeter, pauseBeforeRetry } from "./network";
import { PlainSource } from "./plain-source";
import type { EngineTrack } from "./segment";
import { Voice, type VoiceCalls } from "./voice";

export type EngineStatus = "idle" | "loading" | "playing" | "paused" | "buffering" | "error";

/** What follows, whether the two may be heard at once, and from where, in seconds: in its middle it cannot join. */
export type NextTrack = EngineTrack & { fades: boolean; at?: number };

export type EngineEvents = {
  status(status: EngineStatus, error: PlayerError | null): void;
  /** The next track began by itself, when so many seconds of the one before had been reached. */
  advanced(track: EngineTrack, leftAtSeconds: number): void;
  described(track: EngineTrack, description: StreamDescription, rendition: Rendition): void;
  gain(db: number): void;
  ended(): void;
  tick(): void;
};

export type EngineSettings = {
  loudness: LoudnessMode;
  quality: QualityMode;
  /** Seconds for which two tracks are heard at once. */
  crossfadeS: number;
  equaliser: Equaliser;
  speed: number;
};

const TICK_MS = 250;
/** Sooner than this before the next track its gain is scheduled on the audio clock. */
const SCHEDULE_S = 0.8;
/** So long before it is needed the other deck begins to load. */
const PREPARE_S = 12;
/** A crossfade never takes more than this share of either track. */
const MOST_OF_TRACK = 1 / 3;
/** A silent failure of the decoder is tried once more from the same place before it is reported. */
const DECODE_RETRIES = 1;

export class Engine {
  private readonly decks = [new Audio(), new Audio()] as const;
  readonly graph = new AudioGraph(this.decks);
  readonly descriptions: Descriptions;
  private readonly meter = new ThroughputMeter();
  private voice: Voice | null = null;
  /** The next track, loading on the other deck. */
  private coming: Voice | null = null;
  private comingAt = 0;
  /** The track before, fading out. */
  private leaving: { voice: Voice; timer: ReturnType<typeof setTimeout> } | null = null;
  private next: NextTrack | null = null;
  /** The deck of what plays. */
  private turn = 0;
  private wanted = false;
  private status: EngineStatus = "idle";
  private scheduledFor: string | null = null;
  private decodeFailures = 0;
  private lostConnections = 0;
  private skipping = false;
  /** Nobody has asked for what is loaded yet. */
  private prepared = false;

  constructor(
    load: (trackId: string) => Promise<StreamDescription>,
    private readonly events: EngineEvents,
    private settings: EngineSettings,
  ) {
    this.descriptions = new Descriptions(load);
    for (const deck of this.decks) {
      deck.preload = "auto";
      const on = (name: string, heard: () => void): void =>
        deck.addEventListener(name, () => deck === this.voice?.audio && heard());
      on("playing", () => this.onPlaying());
      on("waiting", () => this.wanted && this.status !== "loading" && this.report("buffering"));
      on("pause", () => this.onPause());
      on("ended", () => this.onEnded());
      on("error", () => this.onElementError());
      on("timeupdate", () => this.tick());
      on("seeked", () => this.tick());
    }
    this.setSettings(settings);
    setInterval(() => this.wanted && this.tick(), TICK_MS);
  }

  /** Starts over with this track. */
  load(track: EngineTrack, atSeconds: number, play: boolean): void {
    this.wanted = play;
    this.prepared = false;
    this.endLeaving();
    if (atSeconds === 0 && this.voice?.joins(track) && this.voice.source instanceof MseSource) {
      this.skipping = true;
      this.voice.source.skip();
      this.skipping = false;
      if (play) this.start();
      return;
    }
    this.decodeFailures = 0;
    this.lostConnections = 0;
    if (this.voice?.waits(track)) return this.again(this.voice, atSeconds);
    this.drop();
    this.open(track, atSeconds);
  }

  /** Loads a track without a word, so that it begins at once where it is asked for; a failure is of no interest yet. */
  prepare(track: EngineTrack, atSeconds: number): void {
    if (this.wanted) return;
    this.graph.unlock();
    this.graph.rest();
    this.load(track, atSeconds, false);
    this.prepared = true;
  }

  setNext(track: NextTrack | null): void {
    this.next = track;
    this.arrange();
  }

  play(): void {
    this.wanted = true;
    this.prepared = false;
    this.graph.unlock();
    if (this.status !== "playing") this.report(this.status === "paused" && this.voice?.ready() ? "playing" : "loading");
    this.start();
  }

  pause(): void {
    this.wanted = false;
    this.endLeaving();
    this.voice?.audio.pause();
    if (this.status !== "idle" && this.status !== "error") this.report("paused");
  }

  seek(seconds: number): void {
    this.endLeaving();
    this.voice?.seek(seconds);
    if (this.wanted && this.voice?.audio.ended) this.start();
    this.events.tick();
  }

  /** Silent; what is loaded of the track `keep` stays ready. */
  stop(keep: string | null = null): void {
    this.wanted = false;
    this.prepared = keep !== null && this.voice?.track.key === keep;
    if (this.prepared) {
      this.endLeaving();
      this.dropComing();
      this.setNext(null);
      this.voice?.audio.pause();
    } else {
      this.silence();
    }
    this.report("idle");
  }

  position(): number {
    return this.voice?.position() ?? 0;
  }

  duration(): number {
    return this.voice?.duration() ?? 0;
  }

  buffered(): number {
    return this.voice?.buffered() ?? 0;
  }

  /** Whether what plays could go on without a pause. */
  ready(): boolean {
    return this.voice?.ready() ?? false;
  }

  /** Whether the track stands right behind the present one, so that it can begin at once. */
  holds(track: EngineTrack): boolean {
    return this.voice?.joins(track) ?? false;
  }

  /** So little faster or slower that nobody hears it; keeping the pitch would cost more than it gives. */
  nudge(rate: number): void {
    for (const deck of this.decks) {
      deck.preservesPitch = false;
      deck.playbackRate = rate;
    }
  }

  setSettings(settings: EngineSettings): void {
    this.settings = settings;
    for (const deck of this.decks) {
      deck.preservesPitch = true;
      // A deck that loads anew goes back to its default speed.
      deck.defaultPlaybackRate = settings.speed;
      deck.playbackRate = settings.speed;
    }
    this.graph.setEqualiser(settings.equaliser);
    this.graph.setLimited(settings.crossfadeS > 0);
    if (this.voice) this.applyGain(this.voice);
    this.arrange();
    if (this.voice?.source instanceof MseSource) this.voice.source.wake();
  }

  private open(track: EngineTrack, atSeconds: number): void {
    this.report(this.wanted ? "loading" : "paused");
    this.voice = this.newVoice(this.turn, track, atSeconds);
    this.graph.open(this.voice.deck);
    this.voice.begin();
    this.arrange();
  }

  /** What is loaded already only has to be moved. */
  private again(voice: Voice, atSeconds: number): void {
    voice.seek(atSeconds);
    if (this.wanted) this.start();
    this.report(this.wanted ? "loading" : "paused");
    this.onDescribed(voice);
  }

  private newVoice(deck: number, track: EngineTrack, atSeconds: number): Voice {
    const audio = this.decks[deck] as HTMLAudioElement;
    const tools = { descriptions: this.descriptions, meter: this.meter, quality: () => this.settings.quality };
    return new Voice(deck, audio, track, atSeconds, tools, this.calls);
  }

  private readonly calls: VoiceCalls = {
    opened: (voice) => voice === this.voice && this.wanted && this.start(),
    described: (voice) => voice === this.voice && this.onDescribed(voice),
    crossed: (voice) => voice === this.voice && this.onCrossed(voice),
    failed: (voice, error) => this.onFailed(voice, error),
    hungry: (voice) => {
      if (voice === this.voice && this.wanted && !voice.ready() && this.status !== "loading") this.report("buffering");
    },
  };

  /** Says where what follows will stand: behind the present track, or on the other deck. */
  private arrange(): void {
    this.scheduledFor = null;
    const at = this.next?.at ?? 0;
    if (this.coming && (this.coming.track.key !== this.next?.key || this.comingAt !== at)) this.dropComing();
    if (this.coming) return;
    this.voice?.setNext(this.fades() || at > 0 ? null : this.next);
  }

  private fades(): boolean {
    return this.settings.crossfadeS > 0 && this.next?.fades === true && this.graph.active;
  }

  private start(): void {
    const { voice } = this;
    if (!voice?.source) return;
    if (voice.audio.ended) voice.source.seek(0);
    voice.audio.play().catch((error: unknown) => {
      if (voice === this.voice && error instanceof DOMException && error.name === "NotAllowedError") {
        this.wanted = false;
        this.report("paused", { code: "sound_blocked", detail: error.message });
      }
    });
  }

  private tick(): void {
    const { voice } = this;
    if (this.wanted) this.graph.keepRunning();
    if (voice?.source instanceof MseSource) {
      voice.source.notice();
      const remaining = voice.source.untilNext();
      if (remaining !== null && remaining < SCHEDULE_S && this.next && this.scheduledFor !== this.next.key) {
        this.scheduledFor = this.next.key;
        void this.descriptions.get(this.next.trackId).then(
          (description) => this.scheduleGain(voice.deck, description, remaining / this.settings.speed),
          () => undefined,
        );
      }
    }
    if (voice && voice === this.voice) this.lookAhead(voice);
    this.events.tick();
  }

  /** Readies the other deck in time, and begins the crossfade when its moment has come. */
  private lookAhead(voice: Voice): void {
    if (!this.next || !this.wanted || voice.duration() === 0) return;
    const left = (voice.duration() - voice.position()) / this.settings.speed;
    if (!this.coming) {
      if (left > PREPARE_S + this.settings.crossfadeS || !(this.fades() || voice.standsAlone())) return;
      this.comingAt = this.next.at ?? 0;
      this.coming = this.newVoice(1 - voice.deck, this.next, this.comingAt);
      this.endLeaving();
      this.coming.begin();
    }
    if (!this.fades() || !this.coming.ready()) return;
    const shorter = Math.min(voice.duration(), this.coming.duration()) / this.settings.speed;
    const seconds = Math.min(this.settings.crossfadeS, shorter * MOST_OF_TRACK);
    if (left <= seconds) this.handOver(this.coming, left);
  }

  /** The other deck takes over, within `seconds`. */
  private handOver(coming: Voice, seconds: number): void {
    const before = this.voice;
    this.coming = null;
    this.next = null;
    this.voice = coming;
    this.turn = coming.deck;
    this.decodeFailures = 0;
    if (before && seconds > 0) {
      this.graph.crossfade(before.deck, coming.deck, seconds);
      this.leaving = { voice: before, timer: setTimeout(() => this.endLeaving(), seconds * 1000 + 100) };
    } else {
      this.graph.open(coming.deck);
    }
    const leftAt = before?.position() ?? 0;
    if (seconds <= 0) before?.silence();
    this.start();
    this.events.advanced(coming.track, leftAt);
    if (coming.description) this.onDescribed(coming);
  }

  private endLeaving(): void {
    if (!this.leaving) return;
    clearTimeout(this.leaving.timer);
    this.leaving.voice.silence();
    this.leaving = null;
    if (this.voice) this.graph.open(this.voice.deck);
  }

  private gainOf(description: StreamDescription): number {
    return gainDb(this.settings.loudness, description.loudness, description.album_loudness);
  }

  private scheduleGain(deck: number, description: StreamDescription, inSeconds: number): void {
    this.graph.setGain(deck, this.gainOf(description), inSeconds);
  }

  private applyGain(voice: Voice): void {
    if (!voice.description) return;
    const db = this.gainOf(voice.description);
    this.graph.setGain(voice.deck, db);
    this.events.gain(this.graph.active ? db : 0);
  }

  private onDescribed(voice: Voice): void {
    if (!voice.description || !voice.rendition) return;
    this.applyGain(voice);
    this.events.described(voice.track, voice.description, voice.rendition);
  }

  private onCrossed(voice: Voice): void {
    const leftAt = this.voice?.description ? this.voice.description.duration_ms / 1000 : 0;
    this.next = null;
    this.scheduledFor = null;
    this.decodeFailures = 0;
    if (!this.skipping) this.events.advanced(voice.track, leftAt);
  }

  private onPlaying(): void {
    this.lostConnections = 0;
    if (this.wanted) this.report("playing");
  }

  private onFailed(voice: Voice, error: unknown): void {
    // What cannot be prepared gets its own try when its turn comes.
    if (voice === this.coming) this.dropComing();
    if (voice !== this.voice || this.recoverDecoding()) return;
    this.fail(toPlayerError(error));
  }

  private onElementError(): void {
    const { voice } = this;
    if (!voice?.source) return;
    if (voice.source instanceof PlainSource && connectionLost(voice.audio)) {
      void this.reconnect(voice);
      return;
    }
    if (this.recoverDecoding()) return;
    this.fail({ code: "decode_failed", detail: voice.audio.error?.message ?? "" });
  }

  /** An element that plays a file by itself gives up with the connection; it goes on from where it was. */
  private async reconnect(voice: Voice): Promise<void> {
    const at = voice.position();
    if (this.wanted) this.report("buffering");
    this.lostConnections += 1;
    await pauseBeforeRetry(this.lostConnections, new AbortController().signal);
    if (voice === this.voice) this.reopen(voice.track, at);
  }

  private recoverDecoding(): boolean {
    const { voice } = this;
    if (!voice?.audio.error || this.decodeFailures >= DECODE_RETRIES) return false;
    this.decodeFailures += 1;
    this.reopen(voice.track, voice.position());
    return true;
  }

  private reopen(track: EngineTrack, at: number): void {
    const { next } = this;
    this.drop();
    this.next = next;
    this.open(track, at);
  }

  private onPause(): void {
    // The end of the media pauses too; that is told by `ended`.
    if (this.voice?.audio.ended || !this.wanted || !this.voice?.audio.paused) return;
    this.wanted = false;
    this.report("paused");
  }

  private onEnded(): void {
    const { next, coming } = this;
    if (coming?.source) {
      this.handOver(coming, 0);
      return;
    }
    if (next) {
      const leftAt = this.duration();
      this.drop();
      this.events.advanced(next, leftAt);
      this.open(next, next.at ?? 0);
      return;
    }
    this.wanted = false;
    this.report("paused");
    this.events.ended();
  }

  private dropComing(): void {
    this.coming?.silence();
    this.coming = null;
  }

  private drop(): void {
    this.endLeaving();
    this.dropComing();
    this.voice?.dispose();
    this.voice = null;
    this.next = null;
    this.scheduledFor = null;
  }

  private silence(): void {
    const { voice } = this;
    this.drop();
    voice?.silence();
  }

  private fail(error: PlayerError): void {
    this.wanted = false;
    this.silence();
    if (this.prepared) return;
    this.report("error", error);
  }

  private report(status: EngineStatus, error: PlayerError | null = null): void {
    this.status = status;
    if (status === "paused" || status === "idle" || status === "error") this.graph.rest();
    this.events.status(status, error);
  }
}

/** Whether the element failed for want of bytes, not because of what they say. */
function connectionLost(audio: HTMLAudioElement): boolean {
  const code = audio.error?.code;
  return (
    code === MediaError.MEDIA_ERR_NETWORK || (code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED && !navigator.onLine)
  );
}

function toPlayerError(error: unknown): PlayerError {
  const code = (error as { code?: unknown } | null)?.code;
  const detail = error instanceof Error ? error.message : String(error);
  return { code: typeof code === "string" ? code : "playback_failed", detail };
}
