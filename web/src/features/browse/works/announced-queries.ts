import { infiniteQueryOptions, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";
import { useSignedIn } from "@/shared/lib/session";
import { sayFailure } from "@/shared/ui/say-failure";

const PAGE = 50;
/** Who has the page open meets the album soon after it is out. */
const LOOK_AGAIN_MS = 30_000;

export const announcementQuery = (id: string) =>
  queryOptions({
    queryKey: ["album", id, "announcement"],
    queryFn: () => data(api.GET("/api/v1/albums/{album_id}/announcement", { params: { path: { album_id: id } } })),
    refetchInterval: (query) => (query.state.status === "success" ? LOOK_AGAIN_MS : false),
    retry: false,
  });

export const announcementsQuery = (artistId: string) =>
  queryOptions({
    queryKey: ["artist", artistId, "announcements"],
    queryFn: () =>
      data(api.GET("/api/v1/artists/{artist_id}/announcements", { params: { path: { artist_id: artistId } } })),
  });

export const preSavesQuery = infiniteQueryOptions({
  queryKey: ["pre-saves"],
  queryFn: ({ pageParam }) =>
    data(
      api.GET("/api/v1/social/pre-saves", {
        params: { query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
      }),
    ),
  initialPageParam: "",
  getNextPageParam: (last) => last.next,
});

const preSavedQuery = (id: string) =>
  queryOptions({
    queryKey: ["pre-saves", id],
    queryFn: async () =>
      (await data(api.GET("/api/v1/social/pre-saves", { params: { query: { album_id: id } } }))).items.length > 0,
  });

/** Pre-saves an album, or takes that back. */
export function useChangePreSave(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (save: boolean) => {
      const params = { path: { album_id: id } };
      await (save
        ? api.PUT("/api/v1/social/pre-saves/{album_id}", { params })
        : api.DELETE("/api/v1/social/pre-saves/{album_id}", { params }));
    },
    scope: { id: `pre-save ${id}` },
    onError: sayFailure,
    onSettled: () => client.invalidateQueries({ queryKey: ["pre-saves"] }),
  });
}

type PreSaving = { saved: boolean; toggle: () => void };

/** Whether the person pre-saved an album, and how to change that; null for guests. What is pressed shows at once. */
export function usePreSave(id: string): PreSaving | null {
  const signedIn = useSignedIn();
  const found = useQuery({ ...preSavedQuery(id), enabled: signedIn });
  const change = useChangePreSave(id);
  if (!signedIn) return null;
  const saved = change.isPending ? change.variables : (found.data ?? false);
  return { saved, toggle: () => change.mutate(!saved) };
}
