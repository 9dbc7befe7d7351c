import type { Image, Loudness, ProgressiveFile, Stream } from "@/shared/api/types";

/** Words shared by the queue, the engine and the interface. Times are milliseconds unless a name says otherwise. */

export type QueueItem = {
  key: string;
  trackId: string;
  title: string;
  artist: { id: string; name: string };
  album: { id: string; title: string } | null;
  /** Place on the album, where it is known. */
  trackNumber?: number | null;
  cover: Image | null;
  durationMs: number | null;
  explicit?: boolean;
  /** Nothing is known of it yet (`unknown`), or it is not to be heard (any more): `none`. */
  facts?: "unknown" | "none";
};

export type { Image, Loudness };

export type RepeatMode = "off" | "all" | "one";
export type PlayerStatus = "idle" | "loading" | "playing" | "paused" | "buffering" | "error";
export type LoudnessMode = "track" | "album" | "off";
export type QualityMode = "auto" | "data_saver" | "high" | "lossless";

export type Waveform = { peaks: number[]; rms: number[] };
export type PlayerError = { code: string; detail: string };

type ByteRange = readonly number[] | null;

/** What comes piece by piece, each under an address of its own; `{n}` in `url` stands for the number of one. */
export type Pieces = { initUrl: string; url: string; samples: number; count: number };

/** One file of a stream description. Byte ranges are inclusive: first and last. */
export type Rendition = Omit<ProgressiveFile, "init_range" | "index_range"> & {
  init_range: ByteRange;
  index_range: ByteRange;
  pieces?: Pieces;
};

export type StreamDescription = Omit<Stream, "progressive" | "preview" | "segmented"> & {
  progressive: readonly Rendition[];
  preview: Rendition | null;
};
