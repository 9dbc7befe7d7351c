import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";
import type { Filters, Order } from "./address";

const PAGE = 100;

const at = (cursor: string) => (cursor ? { cursor } : {});
/** How the address is asked of the server: only what is given. */
const asked = ({ genre, year, library, from }: Filters) => ({
  ...(genre ? { genre_id: genre } : {}),
  ...(year ? { year: Number(year) } : {}),
  ...(library ? { library_id: library } : {}),
  ...(from ? { starting: from } : {}),
});

export const albumsQuery = (order: Order, filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ["library", "albums", order, filters],
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET("/api/v1/albums", {
          params: {
            query: { sort: order === "popular" ? "title" : order, limit: PAGE, ...asked(filters), ...at(pageParam) },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const tracksQuery = (order: Order, filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ["library", "tracks", order, filters],
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET("/api/v1/tracks", {
          params: {
            query: { sort: order === "released" ? "title" : order, limit: PAGE, ...asked(filters), ...at(pageParam) },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const artistsQuery = (order: Order, from: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["library", "artists", order, from],
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET("/api/v1/artists", {
          params: {
            query: {
              sort: order === "newest" ? "newest" : "name",
              limit: PAGE,
              ...(from ? { starting: from } : {}),
              ...at(pageParam),
            },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const librariesQuery = queryOptions({
  queryKey: ["library", "libraries"],
  queryFn: () => data(api.GET("/api/v1/libraries")),
});

export const rootsQuery = queryOptions({
  queryKey: ["library", "folders"],
  queryFn: () => data(api.GET("/api/v1/folders")),
});

export const folderQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["library", "folders", id],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/folders/{folder_id}", {
          params: { path: { folder_id: id }, query: { limit: PAGE, ...at(pageParam) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.folders.next,
  });
