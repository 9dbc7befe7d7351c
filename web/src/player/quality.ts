/** Which file of a stream description to play: a pure choice by wish, network and what the browser can decode. */
import type { QualityMode, Rendition } from "./types";

export type NetworkFacts = {
  /** Measured or estimated, in kbit/s; null: nothing known yet. */
  throughputKbps: number | null;
  saveData: boolean;
};

/** A rendition must fit this many times into the throughput to be chosen by `auto`. */
const HEADROOM = 2;
const FIRST_GUESS_KBPS = 700;

const WISHES: Record<Exclude<QualityMode, "auto">, readonly string[]> = {
  data_saver: ["aac_64", "aac_128", "mp3_128", "aac_320", "mp3_320", "flac"],
  high: ["aac_320", "mp3_320", "aac_128", "mp3_128", "aac_64", "flac"],
  lossless: ["flac", "aac_320", "mp3_320", "aac_128", "mp3_128", "aac_64"],
};

/** The rendition to play, or null where `playable` lets none pass. The ladder may be incomplete: the nearest wins. */
export function chooseRendition(
  renditions: readonly Rendition[],
  mode: QualityMode,
  network: NetworkFacts,
  playable: (rendition: Rendition) => boolean,
): Rendition | null {
  const candidates = renditions.filter(playable);
  if (mode === "auto" && !network.saveData) return byThroughput(candidates, network.throughputKbps ?? FIRST_GUESS_KBPS);
  const wishes = WISHES[mode === "auto" ? "data_saver" : mode];
  return [...candidates].sort((a, b) => rank(wishes, a) - rank(wishes, b))[0] ?? null;
}

/** The best lossy rendition that fits; lossless is something one asks for. */
function byThroughput(candidates: readonly Rendition[], throughputKbps: number): Rendition | null {
  const rising = [...candidates].sort((a, b) => cost(a) - cost(b));
  const lossy = rising.filter((rendition) => rendition.codec !== "flac");
  const pool = lossy.length > 0 ? lossy : rising;
  return pool.filter((rendition) => cost(rendition) * HEADROOM <= throughputKbps).at(-1) ?? pool[0] ?? null;
}

/** AAC before MP3 at the same rate: it carries exact gapless data in its container. */
function cost(rendition: Rendition): number {
  return rendition.bitrate_kbps - (rendition.codec === "mp3" ? 1 : 0);
}

function rank(wishes: readonly string[], rendition: Rendition): number {
  const at = wishes.indexOf(rendition.quality);
  return at < 0 ? wishes.length : at;
}
