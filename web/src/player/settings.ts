/** How a person likes to listen, kept on this device. */
import type { LoudnessMode, QualityMode } from "./types";

export type PlayerSettings = { loudness: LoudnessMode; quality: QualityMode };

const KEY = "antiphon.player.settings";
const DEFAULTS: PlayerSettings = { loudness: "track", quality: "auto" };
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
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<PlayerSettings>;
    return {
      loudness: LOUDNESS.includes(stored.loudness ?? "") ? (stored.loudness as LoudnessMode) : DEFAULTS.loudness,
      quality: QUALITY.includes(stored.quality ?? "") ? (stored.quality as QualityMode) : DEFAULTS.quality,
    };
  } catch {
    return DEFAULTS;
  }
}
