import { queryOptions } from "@tanstack/react-query";
import { api, data } from "./client";

/** Sign-ins elsewhere that lead into one's account. */
export const linkedQuery = queryOptions({
  queryKey: ["me", "linked-sign-ins"],
  queryFn: () => data(api.GET("/api/v1/users/me/linked-sign-ins")),
});
