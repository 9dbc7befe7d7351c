import { infiniteQueryOptions, queryOptions, type UseQueryOptions } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";
import { queryClient } from "@/shared/lib/query";
import type { ChosenKind } from "@/shared/lib/chosen";
import { albumDouble, artistDouble, type Double, trackDouble } from "./model/doubles";
import type { Thing } from "./model/merge";
import type { Album, BulkChange, BulkPreview, BulkResult, Edit, FullArtist, GenreNode } from "@/shared/api/types";

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

/** What may be the same, of one kind. */
export const doublesQuery = (kind: ChosenKind) =>
  infiniteQueryOptions({
    queryKey: ["keeping", "doubles", kind],
    queryFn: ({ pageParam }) => doublesPage(kind, { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });

async function doublesPage(
  kind: ChosenKind,
  query: { limit: number; cursor?: string },
): Promise<{ items: Double[]; next: string | null }> {
  if (kind === "artist") {
    const { items, next } = await data(api.GET("/api/v1/duplicates/artists", { params: { query } }));
    return { items: items.map(artistDouble), next };
  }
  if (kind === "album") {
    const { items, next } = await data(api.GET("/api/v1/duplicates/albums", { params: { query } }));
    return { items: items.map(albumDouble), next };
  }
  const { items, next } = await data(api.GET("/api/v1/duplicates/tracks", { params: { query } }));
  return { items: items.map(trackDouble), next };
}

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

export const previewMany = (kind: "album" | "track", body: BulkChange): Promise<BulkPreview> =>
  kind === "track"
    ? data(api.POST("/api/v1/tracks/bulk/preview", { body }))
    : data(api.POST("/api/v1/albums/bulk/preview", { body }));

export const changeMany = (kind: "album" | "track", body: BulkChange): Promise<BulkResult> =>
  kind === "track" ? data(api.POST("/api/v1/tracks/bulk", { body })) : data(api.POST("/api/v1/albums/bulk", { body }));

/** Takes back what was done to many at once, found by the history of one of them. */
export async function undoMany({ batch, changed }: BulkResult): Promise<void> {
  const first = changed[0];
  if (first === undefined) return;
  const params = { path: { content_id: first }, query: { limit: 20 } };
  const { items } = await data(api.GET("/api/v1/content/{content_id}/history", { params }));
  const edit = items.find((one) => one.batch === batch && one.action === "edit");
  if (edit) await undoEdit(edit.id, true);
}

/** `gone` becomes a part of `into`. */
export function mergeInto(kind: ChosenKind, gone: string, into: string): Promise<Thing> {
  const body = { into };
  switch (kind) {
    case "artist":
      return data(api.POST("/api/v1/artists/{artist_id}/merge", { params: { path: { artist_id: gone } }, body }));
    case "album":
      return data(api.POST("/api/v1/albums/{album_id}/merge", { params: { path: { album_id: gone } }, body }));
    case "track":
      return data(api.POST("/api/v1/tracks/{track_id}/merge", { params: { path: { track_id: gone } }, body }));
  }
}

/** Whatever is compared, by its kind. */
export function thingQuery(kind: ChosenKind, id: string): UseQueryOptions<Thing, Error, Thing, string[]> {
  const ask = (): Promise<Thing> => {
    if (kind === "artist") return data(api.GET("/api/v1/artists/{artist_id}", { params: { path: { artist_id: id } } }));
    if (kind === "album") return data(api.GET("/api/v1/albums/{album_id}", { params: { path: { album_id: id } } }));
    return data(api.GET("/api/v1/tracks/{track_id}", { params: { path: { track_id: id } } }));
  };
  return { queryKey: ["keeping", kind, id], queryFn: ask };
}

export const albumsBy = (artistId: string) =>
  infiniteQueryOptions({
    queryKey: ["keeping", "albums-by", artistId],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/albums", {
          params: { query: { artist_id: artistId, limit: 100, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });

export const splitAlbum = (id: string, title: string, trackIds: string[]): Promise<Album> =>
  data(
    api.POST("/api/v1/albums/{album_id}/split", {
      params: { path: { album_id: id } },
      body: { title, track_ids: trackIds },
    }),
  );

export const splitArtist = (id: string, name: string, albumIds: string[], trackIds: string[]): Promise<FullArtist> =>
  data(
    api.POST("/api/v1/artists/{artist_id}/split", {
      params: { path: { artist_id: id } },
      body: { name, album_ids: albumIds, track_ids: trackIds },
    }),
  );

export const createGenre = (name: string, parentId: string | null): Promise<GenreNode[]> =>
  data(api.POST("/api/v1/genres", { body: { name, parent_id: parentId } }));

type GenreChange = { name?: string; parent_id?: string | null; aliases?: string[] };
export const changeGenre = (id: string, body: GenreChange): Promise<GenreNode[]> =>
  data(api.PUT("/api/v1/genres/{genre_id}", { params: { path: { genre_id: id } }, body }));

export const mergeGenre = (gone: string, into: string): Promise<GenreNode[]> =>
  data(api.POST("/api/v1/genres/{genre_id}/merge", { params: { path: { genre_id: gone } }, body: { into } }));

/** The tree is the answer of every change to it; whatever else shows genres asks anew. */
export function takeTree(tree: GenreNode[]): void {
  queryClient.setQueryData(genreTreeQuery.queryKey, tree);
  void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[1] !== "genres" });
}
