/**
 * What every track goes through on its way to the loudspeaker, whichever deck plays it:
 * input → (preamplifier → ten bands) → (limiter) → sleep fade → volume → loudspeaker.
 * What is in brackets is left out where nobody asked for it: then the samples pass as they are.
 */
import { BAND_Q, BANDS_HZ, DEFAULT_EQUALISER, type Equaliser, headroomDb } from "@/player/equaliser";
import { linear } from "@/player/loudness";

const RAMP_S = 0.012;
const THRESHOLD_DB = -3;
const RATIO = 20;
/** Web Audio adds this by itself: 0.6 of what full scale loses (specification, "makeup gain"). */
const MAKEUP_DB = 0.6 * -(THRESHOLD_DB - THRESHOLD_DB / RATIO);
/** Up to here samples pass the last stage unchanged; above, they bend towards full scale and never reach it. */
const BEND = 0.9;
const SHAPER_RANGE = 8;
const SHAPER_POINTS = 16_385;

export class Mixer {
  readonly input: GainNode;
  private readonly preamp: GainNode;
  private readonly bands: readonly BiquadFilterNode[];
  private readonly limiter: { first: AudioNode; last: AudioNode };
  private readonly duck: GainNode;
  private readonly volume: GainNode;
  private equalised = false;
  private limited = false;

  constructor(private readonly context: BaseAudioContext) {
    this.input = context.createGain();
    this.preamp = context.createGain();
    this.bands = BANDS_HZ.map((hertz, band) => bandFilter(context, hertz, band));
    this.limiter = limiter(context);
    this.duck = context.createGain();
    this.volume = context.createGain();
    this.duck.connect(this.volume).connect(context.destination);
    this.bands.reduce<AudioNode>((before, filter) => before.connect(filter), this.preamp);
    this.plug();
  }

  setVolume(level: number): void {
    this.volume.gain.setTargetAtTime(level, this.context.currentTime, RAMP_S);
  }

  /** Before anything sounds: at once, without a ramp. */
  startAt(volume: number): void {
    this.volume.gain.value = volume;
  }

  setEqualiser(wanted: Equaliser = DEFAULT_EQUALISER): void {
    const now = this.context.currentTime;
    this.preamp.gain.setTargetAtTime(linear(wanted.preampDb - headroomDb(wanted.bandsDb)), now, RAMP_S);
    this.bands.forEach((filter, band) => filter.gain.setTargetAtTime(wanted.bandsDb[band] ?? 0, now, RAMP_S));
    if (wanted.on === this.equalised) return;
    this.equalised = wanted.on;
    this.plug();
  }

  /** Two tracks at once, or raised bands, may go beyond full scale: then something must hold them. */
  setLimited(limited: boolean): void {
    if (limited === this.limited) return;
    this.limited = limited;
    this.plug();
  }

  /** 1: as loud as the volume says; 0: silence, reached after `seconds`. */
  fadeTo(level: number, seconds: number): void {
    const { gain } = this.duck;
    const now = this.context.currentTime;
    gain.cancelScheduledValues(now);
    gain.setValueAtTime(gain.value, now);
    gain.linearRampToValueAtTime(level, now + Math.max(RAMP_S, seconds));
  }

  private plug(): void {
    const lastBand = this.bands.at(-1) as AudioNode;
    this.input.disconnect();
    lastBand.disconnect();
    this.limiter.last.disconnect();
    if (this.equalised) this.input.connect(this.preamp);
    const shaped = this.equalised ? lastBand : this.input;
    shaped.connect(this.limited || this.equalised ? this.limiter.first : this.duck);
    this.limiter.last.connect(this.duck);
  }
}

function bandFilter(context: BaseAudioContext, hertz: number, band: number): BiquadFilterNode {
  const filter = context.createBiquadFilter();
  filter.type = band === 0 ? "lowshelf" : band === BANDS_HZ.length - 1 ? "highshelf" : "peaking";
  filter.frequency.value = hertz;
  filter.Q.value = BAND_Q;
  return filter;
}

/** A fast compressor, and behind it a bend for the peaks that were faster. */
function limiter(context: BaseAudioContext): { first: AudioNode; last: AudioNode } {
  const compressor = context.createDynamicsCompressor();
  compressor.threshold.value = THRESHOLD_DB;
  compressor.knee.value = 0;
  compressor.ratio.value = RATIO;
  compressor.attack.value = 0.001;
  compressor.release.value = 0.12;
  const scale = context.createGain();
  scale.gain.value = linear(-MAKEUP_DB) / SHAPER_RANGE;
  const shaper = context.createWaveShaper();
  shaper.curve = bendCurve();
  compressor.connect(scale).connect(shaper);
  return { first: compressor, last: shaper };
}

export function bend(sample: number): number {
  const size = Math.abs(sample);
  if (size <= BEND) return sample;
  return Math.sign(sample) * (BEND + (1 - BEND) * Math.tanh((size - BEND) / (1 - BEND)) * 0.999);
}

function bendCurve(): Float32Array<ArrayBuffer> {
  const middle = (SHAPER_POINTS - 1) / 2;
  return Float32Array.from({ length: SHAPER_POINTS }, (_, point) => bend(((point - middle) / middle) * SHAPER_RANGE));
}
