/** Files of this device, heard without being uploaded. They are known as long as the page lives, and to nobody else. */
import { onShelf } from "./engine/shelf";
import type { QueueItem, StreamDescription } from "./types";
import { newUuid } from "@/shared/lib/uuid";

const PREFIX = "local:";
const files = new Map<string, File>();

export const isLocal = (trackId: string): boolean => trackId.startsWith(PREFIX);

/** No such file: the page was loaded anew since, and the browser gives nobody a way back to it. */
export class LocalFileGone extends Error {
  readonly code = "local_file_gone";
}

/** "Artist - Title.flac" says both; any other name is the title. */
export function namedLike(fileName: string): { artist: string; title: string } {
  const name = fileName
    .replace(/\.[^.]+$/, "")
    .replaceAll("_", " ")
    .trim();
  const [first, ...rest] = name.split(" - ");
  return rest.length > 0
    ? { artist: (first ?? "").trim(), title: rest.join(" - ").trim() }
    : { artist: "", title: name };
}

/** What can be queued of these files: those that say they are sound. */
export function queueItemsFromFiles(chosen: readonly File[]): QueueItem[] {
  return chosen
    .filter((file) => file.type.startsWith("audio/"))
    .map((file) => {
      const trackId = PREFIX + newUuid();
      files.set(trackId, file);
      const { artist, title } = namedLike(file.name);
      return {
        key: newUuid(),
        trackId,
        title,
        artist: { id: "", name: artist },
        album: null,
        cover: null,
        durationMs: null,
      };
    });
}

export async function localStream(trackId: string): Promise<StreamDescription> {
  const file = files.get(trackId);
  if (!file) throw new LocalFileGone();
  const seconds = await lengthOf(file);
  const url = onShelf(trackId, file);
  return {
    content_id: trackId,
    hls: null,
    dash: null,
    progressive: [
      {
        url,
        quality: "original",
        codec: file.type.replace(/^audio\/(x-)?/, ""),
        container: "file",
        mime: file.type,
        bitrate_kbps: Math.round((file.size * 8) / 1000 / Math.max(1, seconds)),
        bytes: file.size,
        sample_rate: 44_100,
        channels: 2,
        delay_samples: 0,
        padding_samples: 0,
        total_samples: Math.round(seconds * 44_100),
        init_range: null,
        index_range: null,
        on_demand: false,
      },
    ],
    preview: null,
    duration_ms: Math.round(seconds * 1000),
    loudness: null,
    album_loudness: null,
    gapless: null,
    waveform_url: null,
    lyrics_url: null,
    resume_ms: null,
    complete: true,
    expires_at: "9999-12-31T00:00:00Z",
    decision: { kind: "direct", quality: "original", codec: "", bitrate_kbps: null, url, because: [] },
  };
}

/** Seconds; 0 where the browser cannot tell. */
function lengthOf(file: File): Promise<number> {
  const url = URL.createObjectURL(file);
  const probe = new Audio();
  probe.preload = "metadata";
  return new Promise<number>((resolve) => {
    probe.onloadedmetadata = () => resolve(Number.isFinite(probe.duration) ? probe.duration : 0);
    probe.onerror = () => resolve(0);
    probe.src = url;
  }).finally(() => URL.revokeObjectURL(url));
}
