/**
 * The way from the element to the loudspeaker: element → loudness gain → volume → loudspeaker, with a meter that tells
 * when the first sound is there. Browsers start an AudioContext only within a gesture; without one the element plays
 * by itself, without normalisation.
 */
import { linear } from "@/player/loudness";

const RAMP_S = 0.012;
const AUDIBLE = 1e-4;
/** After so long without music the device may sleep: a running context costs battery. */
const REST_MS = 30_000;

export class AudioGraph {
  private context: AudioContext | null = null;
  private gain: GainNode | null = null;
  private volume: GainNode | null = null;
  private meter: AnalyserNode | null = null;
  private broken = false;
  private level = 1;
  private normalisation = 1;
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly audio: HTMLAudioElement) {}

  /** To be called within a gesture, as early as possible: waking the device takes longer than everything else. */
  unlock(): void {
    clearTimeout(this.resting);
    if (!this.context && !this.broken) this.build();
    this.keepRunning();
  }

  /** Telephone calls and the like stop a context; while music is wanted it is woken again. */
  keepRunning(): void {
    if (this.context && this.context.state !== "running") void this.context.resume().catch(() => undefined);
  }

  /** Nothing plays: the context sleeps after a while, until the next `unlock`. */
  rest(): void {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => void this.context?.suspend().catch(() => undefined), REST_MS);
  }

  get active(): boolean {
    return this.context !== null;
  }

  setVolume(level: number): void {
    this.level = level;
    if (this.volume && this.context) this.volume.gain.setTargetAtTime(level, this.context.currentTime, RAMP_S);
    else this.audio.volume = level;
  }

  /** Loudness gain in dB, taking effect in `inSeconds`: with the first sample of the next track. */
  setGain(db: number, inSeconds = 0): void {
    this.normalisation = linear(db);
    if (!this.gain || !this.context) return;
    const at = this.context.currentTime + Math.max(0, inSeconds);
    const param = this.gain.gain;
    param.cancelScheduledValues(this.context.currentTime);
    param.setValueAtTime(param.value, Math.max(this.context.currentTime, at - RAMP_S));
    param.linearRampToValueAtTime(this.normalisation, at + RAMP_S / 2);
  }

  /** Whether sound is coming out of the element right now; null where that cannot be measured. */
  audible(): boolean | null {
    if (!this.meter || this.context?.state !== "running") return null;
    const samples = new Float32Array(this.meter.fftSize);
    this.meter.getFloatTimeDomainData(samples);
    return samples.some((sample) => Math.abs(sample) > AUDIBLE);
  }

  private build(): void {
    try {
      const context = new AudioContext({ latencyHint: "playback" });
      const source = context.createMediaElementSource(this.audio);
      this.gain = context.createGain();
      this.volume = context.createGain();
      this.meter = context.createAnalyser();
      this.meter.fftSize = 512;
      this.gain.gain.value = this.normalisation;
      this.volume.gain.value = this.level;
      source.connect(this.gain).connect(this.volume).connect(context.destination);
      source.connect(this.meter);
      this.audio.volume = 1;
      this.context = context;
    } catch {
      // Without Web Audio one hears the music as it is, which is better than none.
      this.broken = true;
    }
  }
}
