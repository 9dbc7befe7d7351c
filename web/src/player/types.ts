import type { Image, Progressive, Stream } from "@/shared/api/types";

/** Words shared by the queue, the engine and the interface. Times are milliseconds unless a name says otherwise. */

export type QueueItem = {
  key: string;
  trackId: string;
  title: string;
  artist: { id: string; name: string };
  album: { id: string; title: string } | null;
  cover: Image | null;
  durationMs: number | null;
};

export type { Image };

export type RepeatMode = "off" | "all" | "one";
export type PlayerStatus = "idle" | "loading" | "playing" | "paused" | "buffering" | "error";
export type LoudnessMode = "track" | "album" | "off";
export type QualityMode = "auto" | "data_saver" | "high" | "lossless";

export type Waveform = { peaks: number[]; rms: number[] };
export type PlayerError = { code: string; detail: string };

/** One file of a stream description. Byte ranges are inclusive. */
export type Rendition = Progressive;
export type StreamDescription = Stream;

/** Nothing of it is known of silence. */
export type Loudness = { integrated_lufs: number | null; true_peak_dbtp: number | null; range_lu: number | null };
