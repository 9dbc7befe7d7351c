import { queryOptions, useQuery } from "@tanstack/react-query";
import { useSignedIn } from "@/shared/lib/session";
import { api, data } from "./client";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: () => data(api.GET("/api/v1/users/me")),
  staleTime: 5 * 60_000,
});

/** The person who is signed in; undefined for guests and while it loads. */
export function useMe() {
  const signedIn = useSignedIn();
  return useQuery({ ...meQuery, enabled: signedIn }).data;
}
