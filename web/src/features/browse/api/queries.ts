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

export type Narrowed = { genre?: string | undefined; year?: string | undefined; format?: string | undefined };

export const searchQuery = (q: string, narrowed: Narrowed = {}) =>
  queryOptions({
    queryKey: ["search", q, narrowed],
    queryFn: ({ signal }) => {
      const year = Number(narrowed.year) || undefined;
      const wanted = { genre: narrowed.genre, format: narrowed.format, year_from: year, year_to: year };
      const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
      const query = { q, limit: SEARCH_AT_MOST, facets: true, ...given };
      return data(api.GET("/api/v1/search", { params: { query }, signal }));
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
