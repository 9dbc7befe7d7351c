import { queryOptions } from "@tanstack/react-query";
import { api, data } from "./client";

/** What this installation is and wants; it changes with a restart only. */
export const aboutQuery = queryOptions({
  queryKey: ["about"],
  queryFn: () => data(api.GET("/api/v1/about")),
  staleTime: Number.POSITIVE_INFINITY,
});
