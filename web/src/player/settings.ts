/** How a person likes to listen, kept on this device. What the account keeps too is in `app/synced-preferences.ts`. */
import { BANDS_HZ, DEFAULT_EQUALISER, type Equaliser, MOST_BAND_DB } from "./equaliser";
import type { LoudnessMode, QualityMode } from "./types";

export type PlayerSettings = {
  loudness: LoudnessMode;
  quality: QualityMode;
  /** Seconds, 0–12; 0: tracks follow each other without a gap and without a fade. */
  crossfadeS: number;
  /** What follows on an album stays gapless even where tracks are faded. */
  keepAlbums: boolean;
  equaliser: Equaliser;
  speed: number;
  /** Whether what is marked explicit is heard; the server holds to it for who is signed in. */
  explicit: boolean;
};

export const MOST_CROSSFADE_S = 12;
export const SPEEDS = [0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2] as const;

const KEY = "antiphon.player.settings";
const DEFAULTS: PlayerSettings = {
  loudness: "track",
  quality: "auto",
  crossfadeS: 0,
  keepAlbums: true,
  equaliser: DEFAULT_EQUALISER,
  speed: 1,
  explicit: true,
};
const LOUDNESS: readonly string[] = ["track", "album", "off"];
const QUALITY: readonly string[] = ["auto", "data_saver", "high", "lossless"];

let settings = read();
const listeners = new Set<(settings: PlayerSettings) => void>();

export const playerSettings = {
  get: (): PlayerSettings => settings,

  set(change: Partial<PlayerSettings>): void {
    settings = { ...settings, ...change };
    localStorage.setItem(KEY, JSON.stringify(settings));
    listeners.forEach((listener) => listener(settings));
  },

  subscribe(listener: (settings: PlayerSettings) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function read(): PlayerSettings {
  try {
    return understood(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<PlayerSettings>);
  } catch {
    return DEFAULTS;
  }
}

/** What an older version, or somebody's hand, has written: every value within its bounds. */
export function understood(stored: Partial<PlayerSettings>): PlayerSettings {
  return {
    loudness: LOUDNESS.includes(stored.loudness ?? "") ? (stored.loudness as LoudnessMode) : DEFAULTS.loudness,
    quality: QUALITY.includes(stored.quality ?? "") ? (stored.quality as QualityMode) : DEFAULTS.quality,
    crossfadeS: within(stored.crossfadeS, 0, MOST_CROSSFADE_S, DEFAULTS.crossfadeS),
    keepAlbums: typeof stored.keepAlbums === "boolean" ? stored.keepAlbums : DEFAULTS.keepAlbums,
    equaliser: equaliser(stored.equaliser),
    speed: within(stored.speed, 0.5, 2, DEFAULTS.speed),
    explicit: stored.explicit !== false,
  };
}

function equaliser(stored: Partial<Equaliser> | undefined): Equaliser {
  const bands = Array.isArray(stored?.bandsDb) ? (stored.bandsDb as unknown[]) : [];
  return {
    on: stored?.on === true,
    preampDb: within(stored?.preampDb, -MOST_BAND_DB, MOST_BAND_DB, 0),
    bandsDb: BANDS_HZ.map((_, band) => within(bands[band], -MOST_BAND_DB, MOST_BAND_DB, 0)),
  };
}

function within(value: unknown, low: number, high: number, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.max(low, Math.min(high, value)) : otherwise;
}
