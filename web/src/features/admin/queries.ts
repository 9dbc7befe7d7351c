import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";

const PAGE = 30;
/** All that admins see of people; what is done to one of them makes all of it old. */
export const PEOPLE = ["admin", "people"] as const;

const at = (cursor: string) => (cursor ? { cursor } : {});

export const accountsQuery = (words: string, suspended: boolean) =>
  infiniteQueryOptions({
    queryKey: [...PEOPLE, "list", words, suspended],
    queryFn: ({ pageParam }) =>
      data(api.GET("/api/v1/users", { params: { query: { q: words, suspended, limit: PAGE, ...at(pageParam) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });

export const accountQuery = (userId: string) =>
  queryOptions({
    queryKey: [...PEOPLE, userId],
    queryFn: () => data(api.GET("/api/v1/users/{user_id}/account", { params: { path: { user_id: userId } } })),
  });

export const auditQuery = (userId: string) =>
  infiniteQueryOptions({
    queryKey: [...PEOPLE, userId, "audit"],
    queryFn: ({ pageParam }) =>
      data(api.GET("/api/v1/audit", { params: { query: { user: userId, limit: PAGE, ...at(pageParam) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const invitationsQuery = infiniteQueryOptions({
  queryKey: ["admin", "invitations"],
  queryFn: ({ pageParam }) =>
    data(api.GET("/api/v1/invitations", { params: { query: { limit: PAGE, ...at(pageParam) } } })),
  initialPageParam: "",
  getNextPageParam: (page) => page.next,
});

export const appsQuery = queryOptions({
  queryKey: ["admin", "apps"],
  queryFn: () => data(api.GET("/api/v1/apps")),
});

export const waitingArtistsQuery = infiniteQueryOptions({
  queryKey: ["admin", "artists"],
  queryFn: ({ pageParam }) =>
    data(api.GET("/api/v1/artists/waiting", { params: { query: { limit: PAGE, ...at(pageParam) } } })),
  initialPageParam: "",
  getNextPageParam: (page) => page.next,
});

export const takenDownQuery = infiniteQueryOptions({
  queryKey: ["admin", "taken-down"],
  queryFn: ({ pageParam }) =>
    data(api.GET("/api/v1/content/taken-down", { params: { query: { limit: PAGE, ...at(pageParam) } } })),
  initialPageParam: "",
  getNextPageParam: (page) => page.next,
});

export const takenDownWorkQuery = (contentId: string) =>
  queryOptions({
    queryKey: [...takenDownQuery.queryKey, contentId],
    queryFn: () =>
      data(api.GET("/api/v1/content/taken-down/{content_id}", { params: { path: { content_id: contentId } } })),
  });
