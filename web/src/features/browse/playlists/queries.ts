import { infiniteQueryOptions, type InfiniteData, queryOptions } from "@tanstack/react-query";
import { api, data, sendBytes } from "@/shared/api/client";
import type { Playlist, PlaylistEntry, PlaylistImport } from "@/shared/api/types";
import { queryClient } from "@/shared/lib/query";

const PAGE = 50;
const ENTRIES = 500;
export type Visibility = Playlist["visibility"];
export type Entries = InfiniteData<{ items: PlaylistEntry[]; next: string | null }, string>;

export const playlistsQuery = (mine: boolean) =>
  infiniteQueryOptions({
    queryKey: ["playlists", { mine }],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/playlists", {
          params: { query: { mine, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ["person", id],
    queryFn: () => data(api.GET("/api/v1/users/{user_id}", { params: { path: { user_id: id } } })),
  });

/** What somebody shows to everybody. */
export const playlistsOfQuery = (ownerId: string) =>
  infiniteQueryOptions({
    queryKey: ["playlists", { ownerId }],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/playlists", {
          params: { query: { owner_id: ownerId, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });

const at = (id: string) => ({ path: { playlist_id: id } });

export const playlistQuery = (id: string) =>
  queryOptions({
    queryKey: ["playlist", id],
    queryFn: () => data(api.GET("/api/v1/playlists/{playlist_id}", { params: at(id) })),
  });

export const entriesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["playlist", id, "entries"],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/playlists/{playlist_id}/entries", {
          params: { ...at(id), query: { limit: ENTRIES, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });

export const historyQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["playlist", id, "history"],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/playlists/{playlist_id}/history", {
          params: { ...at(id), query: pageParam ? { cursor: pageParam } : {} },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });

/** A playlist as it was at some time becomes what it is. */
export async function goBack(id: string, stateId: string): Promise<Playlist> {
  const params = { path: { playlist_id: id, state_id: stateId } };
  const changed = await data(api.POST("/api/v1/playlists/{playlist_id}/history/{state_id}/restore", { params }));
  await queryClient.invalidateQueries({ queryKey: ["playlist", id] });
  return keep(changed);
}

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ["playlist-import", id],
    queryFn: () => data(api.GET("/api/v1/playlists/import/{import_id}", { params: { path: { import_id: id } } })),
    staleTime: Infinity,
  });

/** The playlist as the server answered it, for the page that shows it and for all lists. */
export function keep(playlist: Playlist): Playlist {
  queryClient.setQueryData(playlistQuery(playlist.id).queryKey, playlist);
  void queryClient.invalidateQueries({ queryKey: ["playlists"] });
  return playlist;
}

export async function makePlaylist(name: string, trackIds: string[] = []): Promise<Playlist> {
  return keep(await data(api.POST("/api/v1/playlists", { body: { name, track_ids: trackIds } })));
}

export type Change = { name: string; comment: string; visibility: Visibility };

export async function changePlaylist(id: string, change: Change): Promise<Playlist> {
  return keep(await data(api.PUT("/api/v1/playlists/{playlist_id}", { params: at(id), body: change })));
}

export async function deletePlaylist(id: string): Promise<void> {
  await data(api.DELETE("/api/v1/playlists/{playlist_id}", { params: at(id) }));
  queryClient.removeQueries({ queryKey: ["playlist", id] });
  await queryClient.invalidateQueries({ queryKey: ["playlists"] });
}

export async function addTracks(id: string, trackIds: readonly string[]): Promise<Playlist> {
  const body = { track_ids: [...trackIds] };
  const changed = await data(api.POST("/api/v1/playlists/{playlist_id}/entries", { params: at(id), body }));
  void queryClient.invalidateQueries({ queryKey: entriesQuery(id).queryKey });
  return keep(changed);
}

export async function moveEntries(id: string, entryIds: string[], before: string | null): Promise<Playlist> {
  const body = { entry_ids: entryIds, before };
  return keep(await data(api.POST("/api/v1/playlists/{playlist_id}/entries/move", { params: at(id), body })));
}

export async function removeEntries(id: string, entryIds: string[]): Promise<Playlist> {
  const body = { entry_ids: entryIds };
  return keep(await data(api.POST("/api/v1/playlists/{playlist_id}/entries/remove", { params: at(id), body })));
}

/** All entries of a playlist that were fetched so far, in order. */
export function entriesShown(id: string): PlaylistEntry[] {
  return queryClient.getQueryData<Entries>(entriesQuery(id).queryKey)?.pages.flatMap((page) => page.items) ?? [];
}

/**
 * The list as it will be, shown before the server has said so. It stays in pages, as many as there were: when it is
 * fetched again, all of them are, and nobody sees it short in between.
 */
export function editEntries(id: string, change: (items: PlaylistEntry[]) => PlaylistEntry[]): void {
  const key = entriesQuery(id).queryKey;
  void queryClient.cancelQueries({ queryKey: key });
  queryClient.setQueryData<Entries>(key, (before) => {
    if (!before) return before;
    const items = change(before.pages.flatMap((page) => page.items));
    const last = before.pages.length - 1;
    const pages = before.pages.map(({ next }, n) => ({
      items: items.slice(n * ENTRIES, n === last ? undefined : (n + 1) * ENTRIES),
      next,
    }));
    return { ...before, pages };
  });
}

export async function reviewFile(file: File): Promise<PlaylistImport> {
  const path = `/api/v1/playlists/import?filename=${encodeURIComponent(file.name)}`;
  const found = await sendBytes<PlaylistImport>("POST", path, file);
  queryClient.setQueryData(importQuery(found.id).queryKey, found);
  return found;
}

export async function acceptImport(
  id: string,
  name: string,
  choices: { number: number; track_id: string | null }[],
): Promise<Playlist> {
  const body = { name, choices };
  const made = await data(
    api.POST("/api/v1/playlists/import/{import_id}/accept", { params: { path: { import_id: id } }, body }),
  );
  return keep(made);
}
