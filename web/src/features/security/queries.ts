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

export const allowedAppsQuery = queryOptions({
  queryKey: ["me", "apps"],
  queryFn: () => data(api.GET("/api/v1/users/me/apps")),
});

export const passkeysQuery = queryOptions({
  queryKey: ["me", "passkeys"],
  queryFn: () => data(api.GET("/api/v1/users/me/passkeys")),
});

export const apiKeysQuery = queryOptions({
  queryKey: ["me", "api-keys"],
  queryFn: async () => (await data(api.GET("/api/v1/users/me/api-keys"))).items,
});

export const appPasswordsQuery = queryOptions({
  queryKey: ["me", "app-passwords"],
  queryFn: async () => (await data(api.GET("/api/v1/users/me/app-passwords"))).items,
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
