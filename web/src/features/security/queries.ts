import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";

// Below "me", which is dropped when another person signs in.
export const sessionsQuery = queryOptions({
  queryKey: ["me", "sessions"],
  queryFn: () => data(api.GET("/api/v1/users/me/sessions")),
});

export const walletsQuery = queryOptions({
  queryKey: ["me", "wallets"],
  queryFn: () => data(api.GET("/api/v1/users/me/wallets")),
});

const ENTRIES = 20;

export const auditQuery = infiniteQueryOptions({
  queryKey: ["me", "audit"],
  queryFn: ({ pageParam }) =>
    data(
      api.GET("/api/v1/users/me/audit", {
        params: { query: { limit: ENTRIES, ...(pageParam ? { cursor: pageParam } : {}) } },
      }),
    ),
  initialPageParam: "",
  getNextPageParam: (page) => page.next,
});
