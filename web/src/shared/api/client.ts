import createClient, { type Middleware } from "openapi-fetch";
import { session, type Session } from "@/shared/lib/session";
import { ApiError, NetworkError, problemFrom } from "./errors";
import type { paths } from "./schema.gen";
import type { TokenPair } from "./types";

const REFRESH_LOCK = "antiphon.refresh";
let refreshing: Promise<Session | null> | null = null;

async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? navigator.locks.request(REFRESH_LOCK, work) : work();
}

/** Refresh tokens rotate: two tabs must never send the same one, so the lock is held across tabs. */
async function renew(stale: Session): Promise<Session | null> {
  return exclusively(async () => {
    const current = session.sync();
    if (current === null || current.accessToken !== stale.accessToken) return current;
    const response = await fetch("/api/v1/auth/refresh", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ refresh_token: current.refreshToken }),
    });
    if (response.ok) {
      const body = (await response.json()) as { tokens: TokenPair };
      session.start(body.tokens);
      return session.get();
    }
    if (response.status >= 500) throw await problemFrom(response);
    session.end();
    return null;
  });
}

function refresh(stale: Session): Promise<Session | null> {
  refreshing ??= renew(stale).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** A token that still holds, renewed when needed; null for guests. */
export async function accessToken(): Promise<string | null> {
  const current = session.get();
  if (current === null) return null;
  if (!session.expiresSoon(current)) return current.accessToken;
  return (await refresh(current))?.accessToken ?? null;
}

/** `fetch` with the bearer token; a 401 renews the token and repeats once. Never throws for HTTP statuses. */
export async function authorizedFetch(input: Request): Promise<Response> {
  try {
    const token = input.headers.has("Authorization") ? null : await accessToken();
    const first = input.clone();
    if (token) first.headers.set("Authorization", `Bearer ${token}`);
    const response = await fetch(first);
    const current = session.get();
    if (response.status !== 401 || !token || !current) return response;
    const renewed = current.accessToken === token ? await refresh(current) : current;
    if (!renewed) return response;
    const again = input.clone();
    again.headers.set("Authorization", `Bearer ${renewed.accessToken}`);
    return await fetch(again);
  } catch (error) {
    if (error instanceof TypeError) throw new NetworkError(error.message);
    throw error;
  }
}

const refuse: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await problemFrom(response);
  },
};

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: authorizedFetch });
api.use(refuse);

/** The data of an answer; a refusal has already been thrown as `ApiError`. */
export async function data<T>(answer: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data: body, response } = await answer;
  if (body === undefined) throw new ApiError({ status: response.status, code: "empty_answer" });
  return body;
}

/** Sends raw bytes (covers, pictures) under their own content type. */
export async function putBytes<T>(path: string, body: Blob): Promise<T> {
  const request = new Request(new URL(path, window.location.origin), {
    method: "PUT",
    body,
    headers: { "Content-Type": body.type },
  });
  const response = await authorizedFetch(request);
  if (!response.ok) throw await problemFrom(response);
  return (await response.json()) as T;
}
