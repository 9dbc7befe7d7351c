import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { isLive } from "@/shared/api/socket";
import { api, data, freshSession, sessionHeaders } from "@/shared/api/client";
import { NetworkError, problemFrom } from "@/shared/api/errors";
import type { Import } from "@/shared/api/types";

const WORKING_MS = 3_000;
const UNDER_WAY: readonly string[] = ["waiting", "running"];

export const isUnderWay = (thing: { state: string } | undefined): boolean => UNDER_WAY.includes(thing?.state ?? "");

/** Asked again while one is being made: events may be missed, the state may not. */
export const exportsQuery = queryOptions({
  queryKey: ["privacy", "exports"],
  queryFn: () => data(api.GET("/api/v1/users/me/export")),
  refetchInterval: ({ state }) => (isUnderWay(state.data?.[0]) && !isLive("user:me") ? WORKING_MS : false),
});

export const importsQuery = queryOptions({
  queryKey: ["privacy", "imports"],
  queryFn: () => data(api.GET("/api/v1/users/me/import")),
  refetchInterval: ({ state }) => (isUnderWay(state.data?.[0]) && !isLive("user:me") ? WORKING_MS : false),
});

export const importReportQuery = (id: string) =>
  queryOptions({
    queryKey: ["privacy", "imports", id],
    queryFn: () => data(api.GET("/api/v1/users/me/import/{import_id}", { params: { path: { import_id: id } } })),
  });

/** Works among which one chooses, by the page. */
export const unsureQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["privacy", "imports", id, "unsure"],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/api/v1/users/me/import/{import_id}/unsure", {
          params: { path: { import_id: id }, query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });

/** The archive goes out as it is, however large: asking twice, as other requests do, would keep it in memory. */
export async function sendArchive(archive: File, publish: boolean): Promise<Import> {
  const headers = { "Content-Type": "application/zip", ...sessionHeaders("POST", await freshSession()) };
  const path = `/api/v1/users/me/import?review=true&publish=${String(publish)}`;
  const response = await fetch(path, { method: "POST", body: archive, headers }).catch((error: unknown) => {
    throw new NetworkError(String(error));
  });
  if (!response.ok) throw await problemFrom(response);
  return (await response.json()) as Import;
}

/** Of works that may be several, by their ids in the archive, which one is meant. */
export async function applyImport(id: string, choices: Record<string, string>): Promise<void> {
  await data(
    api.POST("/api/v1/users/me/import/{import_id}/apply", { params: { path: { import_id: id } }, body: { choices } }),
  );
}

export async function dropImport(id: string): Promise<void> {
  await data(api.DELETE("/api/v1/users/me/import/{import_id}", { params: { path: { import_id: id } } }));
}
