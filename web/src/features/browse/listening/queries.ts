import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";
import type { Message, Station } from "@/shared/api/types";
import { queryClient } from "@/shared/lib/query";

const PAGE = 50;
const MESSAGES = 200;
/** Nobody is told when somebody speaks or plays: it is asked for, as long as somebody looks. */
const ASK_MS = 4_000;

export const bookmarksQuery = queryOptions({
  queryKey: ["bookmarks"],
  queryFn: () => data(api.GET("/api/v1/stream/bookmarks")),
});

export async function dropBookmark(id: string): Promise<void> {
  await data(api.DELETE("/api/v1/stream/bookmarks/{content_id}", { params: { path: { content_id: id } } }));
  await queryClient.invalidateQueries({ queryKey: bookmarksQuery.queryKey });
}

export const nowPlayingQuery = queryOptions({
  queryKey: ["now-playing"],
  queryFn: () => data(api.GET("/api/v1/stream/now-playing")),
  refetchInterval: ASK_MS * 3,
});

export const historyQuery = infiniteQueryOptions({
  queryKey: ["history"],
  queryFn: ({ pageParam }) =>
    data(
      api.GET("/api/v1/stream/history", {
        params: { query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
      }),
    ),
  initialPageParam: "",
  getNextPageParam: (last) => last.next,
});

export const messagesQuery = queryOptions({
  queryKey: ["chat"],
  queryFn: () => data(api.GET("/api/v1/social/chat", { params: { query: { limit: MESSAGES } } })),
  refetchInterval: ASK_MS,
});

function show(change: (before: Message[]) => Message[]): void {
  queryClient.setQueryData(messagesQuery.queryKey, (before) => (before ? change(before) : before));
}

export async function say(text: string): Promise<void> {
  const said = await data(api.POST("/api/v1/social/chat", { body: { text } }));
  show((before) => (before.some((one) => one.id === said.id) ? before : [...before, said]));
}

export async function takeBack(id: string): Promise<void> {
  await data(api.DELETE("/api/v1/social/chat/{message_id}", { params: { path: { message_id: id } } }));
  show((before) => before.filter((one) => one.id !== id));
}

export const stationsQuery = queryOptions({
  queryKey: ["stations"],
  queryFn: () => data(api.GET("/api/v1/live/stations")),
});

export type StationWords = { name: string; stream_url: string; home_page: string };

/** A new one, or another word for one that is there. */
export async function keepStation(words: StationWords, station: Station | null): Promise<void> {
  await (station
    ? data(
        api.PUT("/api/v1/live/stations/{station_id}", {
          params: { path: { station_id: station.id }, header: { "If-Match": `"v${station.version}"` } },
          body: words,
        }),
      )
    : data(api.POST("/api/v1/live/stations", { body: words })));
  await queryClient.invalidateQueries({ queryKey: stationsQuery.queryKey });
}

export async function dropStation(id: string): Promise<void> {
  await data(api.DELETE("/api/v1/live/stations/{station_id}", { params: { path: { station_id: id } } }));
  await queryClient.invalidateQueries({ queryKey: stationsQuery.queryKey });
}
