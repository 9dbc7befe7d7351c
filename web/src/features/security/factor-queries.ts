import { queryOptions } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";

// Below "me", which is dropped when another person signs in.
export const factorsQuery = queryOptions({
  queryKey: ["me", "factors"],
  queryFn: () => data(api.GET("/api/v1/users/me/factors")),
});

export const trustedDevicesQuery = queryOptions({
  queryKey: ["me", "trusted-devices"],
  queryFn: () => data(api.GET("/api/v1/users/me/trusted-devices")),
});
