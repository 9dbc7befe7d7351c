import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, data } from "./client";

export const offersQuery = queryOptions({
  queryKey: ["auth", "methods"],
  queryFn: () => data(api.GET("/api/v1/auth/methods")),
  staleTime: 5 * 60_000,
});

/** What this installation offers to whoever wants in; undefined while it loads. */
export const useOffers = () => useQuery(offersQuery).data;
