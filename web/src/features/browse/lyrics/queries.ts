import { queryOptions } from "@tanstack/react-query";
import { api, data, sendBytes } from "@/shared/api/client";
import type { Lyrics } from "@/shared/api/types";
import { queryClient } from "@/shared/lib/query";
import type { Draft } from "./timing";

export const lyricsQuery = (trackId: string) =>
  queryOptions({
    queryKey: ["lyrics", trackId],
    queryFn: () => data(api.GET("/api/v1/tracks/{track_id}/lyrics", { params: { path: { track_id: trackId } } })),
  });

const again = (trackId: string) => queryClient.invalidateQueries({ queryKey: lyricsQuery(trackId).queryKey });

export async function putLyrics(trackId: string, language: string, lines: readonly Draft[]): Promise<Lyrics> {
  const body = { lines: lines.map((line) => ({ text: line.text, start_ms: line.startMs })) };
  const path = { track_id: trackId, language };
  const written = await data(api.PUT("/api/v1/tracks/{track_id}/lyrics/{language}", { params: { path }, body }));
  await again(trackId);
  return written;
}

export async function putLyricsFile(trackId: string, language: string, file: File): Promise<Lyrics[]> {
  const query = language === "und" ? "" : `?language=${encodeURIComponent(language)}`;
  const found = await sendBytes<Lyrics[]>("POST", `/api/v1/tracks/${trackId}/lyrics/file${query}`, file);
  queryClient.setQueryData(lyricsQuery(trackId).queryKey, found);
  return found;
}

export async function deleteLyrics(trackId: string, one: Lyrics): Promise<void> {
  const params = { path: { track_id: trackId, language: one.language }, query: { text_kind: one.text_kind } };
  await data(api.DELETE("/api/v1/tracks/{track_id}/lyrics/{language}", { params }));
  await again(trackId);
}
