import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";
import type { OpenedShare, Share } from "@/shared/api/types";
import { queryClient } from "@/shared/lib/query";

const DAY_MS = 86_400_000;
/** How long a link may last; `never` has no end. */
export const LIVES = { never: null, day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS } as const;
export type Life = keyof typeof LIVES;

export const endOf = (life: Life, now: number = Date.now()): string | null => {
  const length = LIVES[life];
  return length === null ? null : new Date(now + length).toISOString();
};

const at = (id: string) => ({ path: { share_id: id } });

export const sharesQuery = queryOptions({
  queryKey: ["shares"],
  queryFn: () => data(api.GET("/api/v1/social/shares")),
});

/** Opening counts as a visit, so it is done once a page. */
export const openedQuery = (id: string) =>
  queryOptions({
    queryKey: ["shared", id],
    queryFn: (): Promise<OpenedShare> => data(api.GET("/api/v1/social/shares/{share_id}", { params: at(id) })),
    staleTime: Infinity,
    retry: false,
  });

const again = <T>(answer: T): T => {
  void queryClient.invalidateQueries({ queryKey: sharesQuery.queryKey });
  return answer;
};

export async function makeShare(ids: readonly string[], description: string, life: Life): Promise<Share> {
  const body = { content_ids: [...ids], description, expires_at: endOf(life) };
  return again(await data(api.POST("/api/v1/social/shares", { body })));
}

export async function changeShare(
  id: string,
  change: { description?: string; expires_at?: string | null },
): Promise<Share> {
  return again(await data(api.PUT("/api/v1/social/shares/{share_id}", { params: at(id), body: change })));
}

export async function deleteShare(id: string): Promise<void> {
  again(await data(api.DELETE("/api/v1/social/shares/{share_id}", { params: at(id) })));
}

/** Where one track of a link sounds: the best file that this browser plays. */
export async function soundOf(shareId: string, trackId: string, plays: (mime: string) => boolean): Promise<string> {
  const path = { share_id: shareId, content_id: trackId };
  const found = await data(api.GET("/api/v1/social/shares/{share_id}/stream/{content_id}", { params: { path } }));
  const known = found.progressive.filter((file) => plays(file.mime));
  const light = known.filter((file) => file.bitrate_kbps <= 320);
  const url = (light.at(-1) ?? known[0] ?? found.progressive[0])?.url;
  if (url === undefined) throw new Error("nothing to play");
  return url;
}
