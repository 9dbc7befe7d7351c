/** What the player asks of the server. */
import { ApiError, NetworkError } from "@/shared/api/errors";
import { api, data } from "@/shared/api/client";
import { listensPrivately } from "@/shared/api/preferences";
import { PassingFailure } from "./engine/network";
import type { SegmentedFile } from "@/shared/api/types";
import type { PlayServer } from "./reporting/outbox";
import type { Rendition, StreamDescription, Waveform } from "./types";

/** Whether trying again later makes sense. */
export function passes(error: unknown): boolean {
  if (error instanceof NetworkError || error instanceof TypeError) return true;
  return error instanceof ApiError && (error.status >= 500 || error.status === 429 || error.status === 408);
}

export async function loadStream(contentId: string): Promise<StreamDescription> {
  try {
    return described(
      await data(api.GET("/api/v1/stream/{content_id}", { params: { path: { content_id: contentId } } })),
    );
  } catch (error) {
    if (passes(error)) throw new PassingFailure(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** The server's answer with everything that can be played in one list. */
function described(
  stream: Omit<StreamDescription, "progressive"> & {
    progressive: readonly Rendition[];
    segmented: readonly SegmentedFile[];
  },
): StreamDescription {
  const { segmented, ...rest } = stream;
  return { ...rest, progressive: [...stream.progressive, ...segmented.map(inPieces)] };
}

function inPieces(file: SegmentedFile): Rendition {
  const { init_url, segment_url, segment_samples, segments, ...facts } = file;
  return {
    ...facts,
    url: segment_url,
    container: "mp4",
    bytes: 0,
    init_range: null,
    index_range: null,
    on_demand: true,
    pieces: { initUrl: init_url, url: segment_url, samples: segment_samples, count: segments },
  };
}

/** Answers null where the track has no waveform (yet): it is an ornament, never an obstacle. */
export async function loadWaveform(url: string): Promise<Waveform | null> {
  try {
    const response = await fetch(url);
    return response.ok ? ((await response.json()) as Waveform) : null;
  } catch {
    return null;
  }
}

async function startPlay(contentId: string, eventId: string, startedAt: string, privately: boolean): Promise<string> {
  const body = { content_id: contentId, event_id: eventId, started_at: startedAt, private: privately };
  return (await data(api.POST("/api/v1/stream/play", { body, keepalive: true }))).session_id;
}

async function reportProgress(sessionId: string, eventId: string, positionMs: number, playedMs: number): Promise<void> {
  const body = { session_id: sessionId, event_id: eventId, position_ms: positionMs, played_ms: playedMs };
  await data(api.PUT("/api/v1/stream/progress", { body, keepalive: true }));
}

/** Where plays are told: those of one's own queue, and those in a room. */
export const playServer: PlayServer = {
  start: startPlay,
  progress: reportProgress,
  passes,
  privately: listensPrivately,
};
