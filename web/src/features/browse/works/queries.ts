import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";

const PAGE = 50;

export const appearancesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["artist", id, "appearances"],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/artists/{artist_id}/appearances", {
          params: { path: { artist_id: id }, query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });

export const editionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["album", id, "editions"],
    queryFn: () => data(api.GET("/api/v1/albums/{album_id}/editions", { params: { path: { album_id: id } } })),
  });

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["track", id, "versions"],
    queryFn: () => data(api.GET("/api/v1/tracks/{track_id}/versions", { params: { path: { track_id: id } } })),
  });

export const fileQuery = (id: string) =>
  queryOptions({
    queryKey: ["track", id, "file"],
    queryFn: () => data(api.GET("/api/v1/tracks/{track_id}/file", { params: { path: { track_id: id } } })),
  });
