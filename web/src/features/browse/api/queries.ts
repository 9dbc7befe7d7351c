import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";
import type { Waveform } from "@/shared/api/types";

const PAGE = 50;
const SEARCH_AT_MOST = 20;

export const discoverQuery = queryOptions({
  queryKey: ["discover"],
  queryFn: () => data(api.GET("/api/v1/content/discover")),
});

export const artistQuery = (id: string) =>
  queryOptions({
    queryKey: ["artist", id],
    queryFn: () => data(api.GET("/api/v1/artists/{artist_id}", { params: { path: { artist_id: id } } })),
  });

export const artistAlbumsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["artist", id, "albums"],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/albums", {
          params: {
            query: { artist_id: id, sort: "newest", limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });

/** `popular` knows only what has been played; `newest` knows all. */
export const artistTracksQuery = (id: string, sort: "popular" | "newest") =>
  infiniteQueryOptions({
    queryKey: ["artist", id, "tracks", sort],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/tracks", {
          params: {
            query: { artist_id: id, sort, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });

export const albumQuery = (id: string) =>
  queryOptions({
    queryKey: ["album", id],
    queryFn: () => data(api.GET("/api/v1/albums/{album_id}", { params: { path: { album_id: id } } })),
  });

export const trackQuery = (id: string) =>
  queryOptions({
    queryKey: ["track", id],
    queryFn: () => data(api.GET("/api/v1/tracks/{track_id}", { params: { path: { track_id: id } } })),
  });

export const genresQuery = queryOptions({
  queryKey: ["genres"],
  queryFn: () => data(api.GET("/api/v1/genres")),
});

export const genreTracksQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["genre", id, "tracks"],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/tracks", {
          params: {
            query: { genre_id: id, sort: "newest", limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });

/** What a search is narrowed to, as it stands in the address. `bpm` and `seconds` are the least of a step. */
export type Narrowed = Partial<
  Record<"genre" | "year" | "format" | "mood" | "key" | "bpm" | "seconds", string | undefined>
>;

const BPM_STEP = 10;
const SECONDS_STEP = 60;

function range(least: string | undefined, step: number): [number, number] | [undefined, undefined] {
  const from = Number(least ?? "");
  return least && Number.isInteger(from) ? [from, from + step - 1] : [undefined, undefined];
}

function narrowing({ genre, year, format, mood, key, bpm, seconds }: Narrowed) {
  const [year_from, year_to] = range(year, 1);
  const [bpm_from, bpm_to] = range(bpm, BPM_STEP);
  const [seconds_from, seconds_to] = range(seconds, SECONDS_STEP);
  const wanted = { genre, format, mood, key, year_from, year_to, bpm_from, bpm_to, seconds_from, seconds_to };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

export const searchQuery = (q: string, narrowed: Narrowed = {}) =>
  queryOptions({
    queryKey: ["search", q, narrowed],
    queryFn: ({ signal }) => {
      const query = { q, limit: SEARCH_AT_MOST, ...narrowing(narrowed) };
      return data(api.GET("/api/v1/search", { params: { query }, signal }));
    },
    enabled: q !== "",
    placeholderData: keepPreviousData,
  });

/** Counting costs more than finding: it is asked for apart, and nobody waits for it. */
export const facetsQuery = (q: string, narrowed: Narrowed = {}) =>
  queryOptions({
    queryKey: ["search", "facets", q, narrowed],
    queryFn: async ({ signal }) => {
      const query = { q, type: ["track" as const], limit: 1, facets: true, ...narrowing(narrowed) };
      return (await data(api.GET("/api/v1/search", { params: { query }, signal }))).facets;
    },
    enabled: q !== "",
    placeholderData: keepPreviousData,
  });

export const waveformQuery = (id: string) =>
  queryOptions({
    queryKey: ["waveform", id],
    queryFn: async (): Promise<Waveform | null> => {
      const stream = await data(api.GET("/api/v1/stream/{content_id}", { params: { path: { content_id: id } } }));
      if (!stream.waveform_url) return null;
      const response = await fetch(stream.waveform_url);
      return response.ok ? ((await response.json()) as Waveform) : null;
    },
    staleTime: Infinity,
  });
