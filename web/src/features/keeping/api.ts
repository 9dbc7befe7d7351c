import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";
import type { Edit } from "@/shared/api/types";

const PAGE = 50;
/** Names hardly ever change while one reads a list of edits. */
const NAMES_STALE_MS = 5 * 60_000;

export const historyQuery = (contentId: string) =>
  infiniteQueryOptions({
    queryKey: ["keeping", "history", contentId],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/content/{content_id}/history", {
          params: {
            path: { content_id: contentId },
            query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });

export const undoEdit = (editId: string, wholeBatch: boolean): Promise<Edit[]> =>
  data(
    api.POST("/api/v1/edits/{edit_id}/undo", {
      params: { path: { edit_id: editId }, query: { whole_batch: wholeBatch } },
    }),
  );

export const artistQuery = (id: string) =>
  queryOptions({
    queryKey: ["keeping", "artist", id],
    queryFn: () => data(api.GET("/api/v1/artists/{artist_id}", { params: { path: { artist_id: id } } })),
    staleTime: NAMES_STALE_MS,
  });

export const albumQuery = (id: string) =>
  queryOptions({
    queryKey: ["keeping", "album", id],
    queryFn: () => data(api.GET("/api/v1/albums/{album_id}", { params: { path: { album_id: id } } })),
    staleTime: NAMES_STALE_MS,
  });

export const trackQuery = (id: string) =>
  queryOptions({
    queryKey: ["keeping", "track", id],
    queryFn: () => data(api.GET("/api/v1/tracks/{track_id}", { params: { path: { track_id: id } } })),
    staleTime: NAMES_STALE_MS,
  });

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ["keeping", "person", id],
    queryFn: () => data(api.GET("/api/v1/users/{user_id}", { params: { path: { user_id: id } } })),
    staleTime: NAMES_STALE_MS,
  });

export const genreTreeQuery = queryOptions({
  queryKey: ["keeping", "genres"],
  queryFn: () => data(api.GET("/api/v1/genres/tree")),
});
