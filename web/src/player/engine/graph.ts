/**
 * The way from the elements to the loudspeaker: each deck has its loudness gain and its fade, the mixer what all share,
 * and a meter tells when the first sound is there. Browsers start an AudioContext only within a gesture; without one the
 * element plays by itself, without normalisation.
 */
import { DEFAULT_EQUALISER, type Equaliser } from "@/player/equaliser";
import { linear } from "@/player/loudness";
import { Mixer } from "./mixer";

const RAMP_S = 0.012;
const AUDIBLE = 1e-4;
/** After so long without music the device may sleep: a running context costs battery. */
const REST_MS = 30_000;
const FADE_POINTS = 65;

type Channel = { gain: GainNode; fade: GainNode };

export class AudioGraph {
  private context: AudioContext | null = null;
  private mixer: Mixer | null = null;
  private channels: readonly Channel[] = [];
  private meter: AnalyserNode | null = null;
  private broken = false;
  private level = 1;
  private readonly normalisation: number[];
  private equaliser: Equaliser = DEFAULT_EQUALISER;
  private limited = false;
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly decks: readonly HTMLAudioElement[]) {
    this.normalisation = decks.map(() => 1);
  }

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

  /**
   * Seconds from what an element says it plays to the ear. A context makes sound in bursts, and an element is where the
   * last burst ended; so it has to be asked in the same moment as the element, and both are wrong by the same.
   */
  latency(): number {
    const { context } = this;
    if (context?.state !== "running") return 0;
    const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
    if (contextTime === 0) return context.baseLatency + (context.outputLatency || 0);
    return context.currentTime - contextTime - (performance.now() - performanceTime) / 1000;
  }

  setVolume(level: number): void {
    this.level = level;
    if (this.mixer) this.mixer.setVolume(level);
    else this.decks.forEach((deck) => (deck.volume = level));
  }

  setEqualiser(equaliser: Equaliser): void {
    this.equaliser = equaliser;
    this.mixer?.setEqualiser(equaliser);
  }

  setLimited(limited: boolean): void {
    this.limited = limited;
    this.mixer?.setLimited(limited);
  }

  /** Everything that sounds, towards silence (0) or back (1), within `seconds`. */
  fadeAll(level: number, seconds: number): void {
    this.mixer?.fadeTo(level, seconds);
  }

  /** Loudness gain of a deck in dB, taking effect in `inSeconds`: with the first sample of the next track. */
  setGain(deck: number, db: number, inSeconds = 0): void {
    this.normalisation[deck] = linear(db);
    const param = this.channels[deck]?.gain.gain;
    if (!param || !this.context) return;
    const at = this.context.currentTime + Math.max(0, inSeconds);
    param.cancelScheduledValues(this.context.currentTime);
    param.setValueAtTime(param.value, Math.max(this.context.currentTime, at - RAMP_S));
    param.linearRampToValueAtTime(linear(db), at + RAMP_S / 2);
  }

  /** Equal power: what one deck loses the other gains, so that together they stay as loud as each. */
  crossfade(fromDeck: number, toDeck: number, seconds: number): void {
    const quarter = (point: number): number => (point / (FADE_POINTS - 1)) * (Math.PI / 2);
    const curve = (shape: (angle: number) => number): Float32Array<ArrayBuffer> =>
      Float32Array.from({ length: FADE_POINTS }, (_, point) => shape(quarter(point)));
    this.fadeAlong(fromDeck, curve(Math.cos), seconds);
    this.fadeAlong(toDeck, curve(Math.sin), seconds);
  }

  /** The deck is heard as it is. */
  open(deck: number): void {
    const param = this.channels[deck]?.fade.gain;
    if (!param || !this.context) return;
    param.cancelScheduledValues(0);
    param.setValueAtTime(1, this.context.currentTime);
  }

  /** Whether sound is coming out of the elements right now; null where that cannot be measured. */
  audible(): boolean | null {
    if (!this.meter || this.context?.state !== "running") return null;
    const samples = new Float32Array(this.meter.fftSize);
    this.meter.getFloatTimeDomainData(samples);
    return samples.some((sample) => Math.abs(sample) > AUDIBLE);
  }

  private fadeAlong(deck: number, curve: Float32Array<ArrayBuffer>, seconds: number): void {
    const param = this.channels[deck]?.fade.gain;
    if (!param || !this.context) return;
    param.cancelScheduledValues(0);
    param.setValueCurveAtTime(curve, this.context.currentTime, Math.max(RAMP_S, seconds));
  }

  private build(): void {
    try {
      const context = new AudioContext({ latencyHint: "playback" });
      const mixer = new Mixer(context);
      const meter = context.createAnalyser();
      meter.fftSize = 512;
      this.channels = this.decks.map((deck, index) => {
        const source = context.createMediaElementSource(deck);
        const gain = context.createGain();
        const fade = context.createGain();
        gain.gain.value = this.normalisation[index] ?? 1;
        source.connect(gain).connect(fade).connect(mixer.input);
        source.connect(meter);
        deck.volume = 1;
        return { gain, fade };
      });
      mixer.startAt(this.level);
      mixer.setEqualiser(this.equaliser);
      mixer.setLimited(this.limited);
      this.meter = meter;
      this.mixer = mixer;
      this.context = context;
    } catch {
      // Without Web Audio one hears the music as it is, which is better than none.
      this.broken = true;
    }
  }
}
