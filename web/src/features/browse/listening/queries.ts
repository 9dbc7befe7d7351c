import { infiniteQueryOptions, queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, data, putBytes } from "@/shared/api/client";
import { isLive, subscribe } from "@/shared/api/socket";
import type { Message, Station } from "@/shared/api/types";
import { queryClient } from "@/shared/lib/query";

const PAGE = 50;
const MESSAGES = 200;
/** How often is asked while the socket tells nothing, and while it does: what ends is not told. */
const ASK_MS = 4_000;
const SELDOM_MS = 30_000;
const CHAT = "chat";
const NOW_PLAYING = "now-playing";

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
  refetchInterval: () => (isLive(NOW_PLAYING) ? SELDOM_MS : ASK_MS * 3),
});

/** What everybody hears at this moment, as it changes. */
export function useNowPlaying() {
  useEffect(() => {
    const refetch = () => void queryClient.invalidateQueries({ queryKey: nowPlayingQuery.queryKey });
    return subscribe(NOW_PLAYING, refetch, refetch);
  }, []);
  return useQuery(nowPlayingQuery);
}

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
  refetchInterval: () => (isLive(CHAT) ? SELDOM_MS : ASK_MS),
});

/** What is said in the room, as it is said. */
export function useMessages() {
  useEffect(
    () =>
      subscribe(
        CHAT,
        ({ event, data: body }) => {
          if (event === "said") add(body as Message);
          else if (event === "taken_back") remove((body as { id: string }).id);
        },
        () => void queryClient.invalidateQueries({ queryKey: messagesQuery.queryKey }),
      ),
    [],
  );
  return useQuery(messagesQuery);
}

function show(change: (before: Message[]) => Message[]): void {
  const { queryKey } = messagesQuery;
  queryClient.setQueryData(queryKey, (before) => (before ? change(before) : before));
  // An answer that is on its way may be older than what was just heard, and would take its place.
  if (queryClient.isFetching({ queryKey }) > 0) void queryClient.invalidateQueries({ queryKey });
}

function add(said: Message): void {
  show((before) => (before.some((one) => one.id === said.id) ? before : [...before, said]));
}

function remove(id: string): void {
  show((before) => before.filter((one) => one.id !== id));
}

export async function say(text: string): Promise<void> {
  add(await data(api.POST("/api/v1/social/chat", { body: { text } })));
}

export async function takeBack(id: string): Promise<void> {
  await data(api.DELETE("/api/v1/social/chat/{message_id}", { params: { path: { message_id: id } } }));
  remove(id);
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

/** Without one: none any more. */
export async function pictureStation(id: string, picture: File | null): Promise<void> {
  await (picture
    ? putBytes<Station>(`/api/v1/live/stations/${id}/cover`, picture)
    : data(api.DELETE("/api/v1/live/stations/{station_id}/cover", { params: { path: { station_id: id } } })));
  await queryClient.invalidateQueries({ queryKey: stationsQuery.queryKey });
}
