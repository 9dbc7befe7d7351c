import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "@/shared/lib/query";
import { useSignedIn } from "@/shared/lib/session";
import { api, data } from "./client";
import type { Preferences, PreferencesChange } from "./types";

const SESSION_HOURS = 6;

/** What the account keeps of its person's choices; `app/synced-preferences.ts` brings it with the first page. */
export const preferencesQuery = queryOptions({
  queryKey: ["privacy", "preferences"],
  queryFn: () => data(api.GET("/api/v1/users/me/preferences")),
});

export const rememberPreferences = (found: Preferences): unknown =>
  queryClient.setQueryData(preferencesQuery.queryKey, found);

export async function changePreferences(wanted: PreferencesChange): Promise<void> {
  rememberPreferences(await data(api.PUT("/api/v1/users/me/preferences", { body: wanted })));
}

export const privateSession = (on: boolean): PreferencesChange => ({
  private_session_until: on ? new Date(Date.now() + SESSION_HOURS * 3_600_000).toISOString() : null,
});

/** Whether nobody else sees what is heard now, as far as is known here. */
export function listensPrivately(): boolean {
  const until = queryClient.getQueryData(preferencesQuery.queryKey)?.private_session_until ?? null;
  return until !== null && Date.parse(until) > Date.now();
}

/** Until when nobody else sees what is heard; null: they see it. Undefined while that is not known, and for guests. */
export function usePrivateUntil(): string | null | undefined {
  const signedIn = useSignedIn();
  const { data: chosen } = useQuery({ ...preferencesQuery, enabled: false });
  if (!signedIn || chosen === undefined) return undefined;
  const until = chosen.private_session_until ?? null;
  return until !== null && Date.parse(until) > Date.now() ? until : null;
}

export function usePrivateSwitch(onError: (error: Error) => void) {
  return useMutation({ mutationFn: (on: boolean) => changePreferences(privateSession(on)), onError });
}
