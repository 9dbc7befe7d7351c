import { infiniteQueryOptions, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, data } from "@/shared/api/client";
import { isNotFound } from "@/shared/api/errors";
import { isLive, subscribe } from "@/shared/api/socket";
import type { Scan } from "@/shared/api/types";

const PAGE = 50;
const POLL_MS = 2_000;
/** All that is known of libraries; a scan that ends makes it old. */
export const LIBRARIES = ["admin", "libraries"] as const;

const at = (cursor: string) => (cursor ? { cursor } : {});
const path = (id: string) => ({ path: { library_id: id } });

export const librariesQuery = queryOptions({
  queryKey: LIBRARIES,
  queryFn: () => data(api.GET("/api/v1/libraries")),
});

export const libraryQuery = (id: string) =>
  queryOptions({
    queryKey: [...LIBRARIES, id],
    queryFn: () => data(api.GET("/api/v1/libraries/{library_id}", { params: path(id) })),
  });

export const accessQuery = (id: string) =>
  queryOptions({
    queryKey: [...LIBRARIES, id, "access"],
    queryFn: () => data(api.GET("/api/v1/libraries/{library_id}/access", { params: path(id) })),
  });

export const unreadableQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...LIBRARIES, id, "unreadable"],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/libraries/{library_id}/scan/errors", {
          params: { ...path(id), query: { limit: PAGE, ...at(pageParam) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const missingQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...LIBRARIES, id, "missing"],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/libraries/{library_id}/missing", {
          params: { ...path(id), query: { limit: PAGE, ...at(pageParam) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const isUnderWay = (scan: Scan | null | undefined): boolean => scan != null && scan.finished_at === null;

/** The last scan; null where there was none. Asked for now and then only while nothing is told by the socket. */
export const scanQuery = (id: string) =>
  queryOptions({
    queryKey: [...LIBRARIES, id, "scan"],
    queryFn: async (): Promise<Scan | null> => {
      try {
        return await data(api.GET("/api/v1/libraries/{library_id}/scan", { params: path(id) }));
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    },
    refetchInterval: ({ state }) => (isUnderWay(state.data) && !isLive(`library:${id}`) ? POLL_MS : false),
  });

type Told = Pick<Scan, "state"> & Partial<Scan>;
const ENDED: readonly Scan["state"][] = ["done", "cancelled", "failed"];

/** What is told replaces what was known; the server's rule for the percentage, between two answers of it. */
export function merged(scan: Scan, told: Told): Scan {
  const next = { ...scan, ...told };
  const counting = next.state === "waiting" || next.state === "walking";
  const percent = next.found === 0 ? 100 : Math.min(Math.floor((100 * next.done) / next.found), 99);
  return { ...next, percent: counting ? null : percent };
}

/** The scan of a library as it comes along. */
export function useScan(id: string) {
  const client = useQueryClient();
  const query = scanQuery(id);
  useEffect(
    () =>
      subscribe(
        `library:${id}`,
        ({ event, data: body }) => {
          if (event !== "scan") return;
          const told = body as Told;
          const known = client.getQueryData(scanQuery(id).queryKey);
          if (!known || ENDED.includes(told.state) || !isUnderWay(known)) {
            void client.invalidateQueries({ queryKey: [...LIBRARIES, id] });
          } else client.setQueryData(scanQuery(id).queryKey, merged(known, told));
        },
        () => void client.invalidateQueries({ queryKey: scanQuery(id).queryKey }),
      ),
    [client, id],
  );
  return useQuery(query);
}
