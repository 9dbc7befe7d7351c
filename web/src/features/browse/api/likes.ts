import { infiniteQueryOptions, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";
import type { Like, Mark } from "@/shared/api/types";
import { setLike, useLateLikes } from "./late-likes";
import { useSignedIn } from "@/shared/lib/session";
import { sayFailure } from "@/shared/ui/say-failure";

const PAGE = 50;
/** As many as one request may name. */
const AT_ONCE = 200;

type Waiting = { id: string; resolve: (mark: Mark) => void; reject: (reason: unknown) => void };

let waiting: Waiting[] = [];

async function ask(batch: readonly Waiting[]): Promise<void> {
  const query = { content_id: batch.map((one) => one.id) };
  try {
    const marks = await data(api.GET("/api/v1/social/marks", { params: { query } }));
    const found = new Map(marks.map((mark) => [mark.id, mark]));
    for (const one of batch) {
      const mark = found.get(one.id);
      if (mark) one.resolve(mark);
      else one.reject(new Error(`no mark of ${one.id}`));
    }
  } catch (error) {
    for (const one of batch) one.reject(error);
  }
}

function askTogether(): void {
  const all = waiting;
  waiting = [];
  for (let start = 0; start < all.length; start += AT_ONCE) void ask(all.slice(start, start + AT_ONCE));
}

/** Rows ask one by one; what they ask in one breath goes in one request. */
function markOf(id: string): Promise<Mark> {
  return new Promise((resolve, reject) => {
    if (waiting.length === 0) setTimeout(askTogether, 0);
    waiting.push({ id, resolve, reject });
  });
}

const markQuery = (id: string) =>
  queryOptions({ queryKey: ["mark", id], queryFn: () => markOf(id), staleTime: 60_000, retry: false });

export const likesQuery = (kind: Like["kind"]) =>
  infiniteQueryOptions({
    queryKey: ["likes", kind],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/social/likes", {
          params: { query: { kind, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });

/** Whether the person likes a work, and how to change that; null for guests. What is pressed shows at once. */
export function useLike(id: string): { liked: boolean; toggle: () => void } | null {
  const signedIn = useSignedIn();
  const client = useQueryClient();
  const mark = useQuery({ ...markQuery(id), enabled: signedIn });
  const late = useLateLikes((state) => state.late[id]);
  const change = useMutation({
    mutationFn: (like: boolean) => setLike(id, like),
    networkMode: "always",
    scope: { id: `like ${id}` },
    onError: sayFailure,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["mark", id] }),
        client.invalidateQueries({ queryKey: ["likes"] }),
      ]),
  });
  if (!signedIn) return null;
  const liked = change.isPending ? change.variables : (late ?? mark.data?.liked_at != null);
  return { liked, toggle: () => change.mutate(!liked) };
}

type Rating = {
  /** One to five; 0 for none. */
  mine: number;
  average: number | null;
  raters: number;
  rate: (stars: number) => void;
};

/** How many stars the person gives a work, and everybody; null for guests. What is pressed shows at once. */
export function useRating(id: string): Rating | null {
  const signedIn = useSignedIn();
  const client = useQueryClient();
  const mark = useQuery({ ...markQuery(id), enabled: signedIn });
  const change = useMutation({
    mutationFn: (rating: number) =>
      data(api.PUT("/api/v1/social/ratings/{content_id}", { params: { path: { content_id: id } }, body: { rating } })),
    onSuccess: (marked) => client.setQueryData(markQuery(id).queryKey, marked),
    onError: sayFailure,
    scope: { id: `rating ${id}` },
  });
  if (!signedIn) return null;
  return {
    mine: change.isPending ? change.variables : (mark.data?.rating ?? 0),
    average: mark.data?.average ?? null,
    raters: mark.data?.raters ?? 0,
    rate: change.mutate,
  };
}
