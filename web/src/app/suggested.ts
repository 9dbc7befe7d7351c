import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, data } from "@/shared/api/client";
import type { Suggestion } from "@/shared/api/types";

const MOST = 10;

const suggestionsQuery = (q: string) =>
  queryOptions({
    queryKey: ["suggestions", q],
    queryFn: ({ signal }) => data(api.GET("/api/v1/search/suggest", { params: { query: { q, limit: MOST } }, signal })),
    enabled: q !== "",
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

/** `open` leads to what is suggested. */
export type Suggested = Suggestion & { open: () => void };

/** Of one kind after the other, that of the best first; none where nothing is typed. */
export function useSuggestions(q: string): Suggested[] {
  const navigate = useNavigate();
  const found = useQuery(suggestionsQuery(q)).data;
  if (!found || q === "") return [];
  const kinds = [...new Set(found.map((one) => one.kind))];
  const opens: Record<Suggestion["kind"], (id: string) => void> = {
    artist: (artistId) => void navigate({ to: "/artists/$artistId", params: { artistId } }),
    album: (albumId) => void navigate({ to: "/albums/$albumId", params: { albumId } }),
    track: (trackId) => void navigate({ to: "/tracks/$trackId", params: { trackId } }),
    playlist: (playlistId) => void navigate({ to: "/playlists/$playlistId", params: { playlistId } }),
    person: (personId) => void navigate({ to: "/people/$personId", params: { personId } }),
  };
  return kinds.flatMap((kind) =>
    found.flatMap((one) => (one.kind === kind ? [{ ...one, open: () => opens[kind](one.id) }] : [])),
  );
}
