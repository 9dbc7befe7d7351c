import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";

const AGAIN_MS = 30_000;
const LEFT_FOR = "antiphon.left-to-connect";

// Below "me", which is dropped when another person signs in. The server tells services once a minute.
export const scrobblersQuery = queryOptions({
  queryKey: ["me", "scrobblers"],
  queryFn: () => data(api.GET("/api/v1/integrations/scrobblers")),
  refetchInterval: AGAIN_MS,
});

export const notTakenQuery = (service: string) =>
  queryOptions({
    queryKey: [...scrobblersQuery.queryKey, service, "not-taken"],
    queryFn: () =>
      data(api.GET("/api/v1/integrations/scrobblers/{service}/not-taken", { params: { path: { service } } })),
  });

/** Notes down, for this tab alone, that the person themselves leaves to allow it there. */
export const leaveFor = (service: string): void => sessionStorage.setItem(LEFT_FOR, service);

/**
 * Whether this tab left for the service; it holds once. Without it, anybody's link could connect the account of a
 * stranger, who would then read what is heard here.
 */
export function cameBackFrom(service: string): boolean {
  const left = sessionStorage.getItem(LEFT_FOR);
  sessionStorage.removeItem(LEFT_FOR);
  return left === service;
}

export function useConnect() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ service, token }: { service: string; token: string }) =>
      api.PUT("/api/v1/integrations/scrobblers/{service}", { params: { path: { service } }, body: { token } }),
    onSettled: () => client.invalidateQueries({ queryKey: scrobblersQuery.queryKey }),
  });
}
