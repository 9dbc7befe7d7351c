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

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ["search", q],
    queryFn: ({ signal }) =>
      data(api.GET("/api/v1/search", { params: { query: { q, limit: SEARCH_AT_MOST } }, signal })),
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
