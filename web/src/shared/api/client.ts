import createClient, { type Middleware } from "openapi-fetch";
import { session, type Session, type SessionAnswer } from "@/shared/lib/session";
import { askToStepUp } from "@/shared/lib/step-up";
import { ApiError, NetworkError, problemFrom } from "./errors";
import type { paths } from "./schema.gen";

const AUTH = "/api/v1/auth/";
const REFRESH_LOCK = "antiphon.refresh";
const NO_CONTENT = 204;
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);
/** Asks for a session in cookies instead of tokens in the answer. */
const COOKIE_MODE = { "Antiphon-Session": "cookie" };

/** One tab at a time: refresh tokens rotate, and two tabs must not spend the same one. */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? navigator.locks.request(REFRESH_LOCK, work) : work();
}

const tell = (name: string, body: object = {}): Promise<Response> =>
  fetch(AUTH + name, {
    method: "POST",
    headers: { ...COOKIE_MODE, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

/** Has the browser forget its cookies; without a connection they run out by themselves. */
async function dropCookies(): Promise<void> {
  await tell("logout").catch(() => undefined);
}

/** The server has ended this session: this device lets go of it, and says why where it knows. */
export function loseSession(reason: string): void {
  if (!session.signedIn()) return;
  session.end(reason === "logout" ? null : reason);
  void dropCookies();
}

let refreshing: Promise<Session | null> | null = null;

async function renew(stale: Session): Promise<Session | null> {
  return exclusively(async () => {
    const current = session.sync();
    if (current === null || current.expiresAt !== stale.expiresAt) return current;
    const response = await tell("refresh");
    if (response.ok) session.renewed((await response.json()) as SessionAnswer);
    else if (response.status === 401 || response.status === 403) loseSession("expired");
    else throw await problemFrom(response);
    return session.get();
  });
}

/** Renews the session, once for all who ask at the same time; null when the server has ended it. */
export function refresh(stale: Session): Promise<Session | null> {
  refreshing ??= renew(stale).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** A session whose cookies still hold, renewed when needed; null for guests. */
export async function freshSession(): Promise<Session | null> {
  const current = session.get();
  return current !== null && session.expiresSoon(current) ? refresh(current) : current;
}

/** Takes up the session that the cookies hold, whether or not this device knew of it; null when there is none. */
export async function recallSession(): Promise<Session | null> {
  const response = await fetch(`${AUTH}session`);
  if (!response.ok) return null;
  session.start((await response.json()) as SessionAnswer);
  return session.get();
}

/** What a request carries besides its cookies; a page of others can neither read nor guess it. */
export function sessionHeaders(method: string, current: Session | null): Record<string, string> {
  return current === null || SAFE_METHODS.has(method) ? {} : { "X-CSRF-Token": current.csrfToken };
}

function dressed(input: Request, current: Session | null): Request {
  const request = input.clone();
  const extra = sessionHeaders(request.method, current);
  if (new URL(request.url).pathname.startsWith(AUTH)) Object.assign(extra, COOKIE_MODE);
  for (const [name, value] of Object.entries(extra)) request.headers.set(name, value);
  return request;
}

/**
 * With which session to try again (null: as a guest), where the refusal was about that and it could be helped;
 * undefined where not.
 */
async function secondChance(response: Response, used: Session | null): Promise<Session | null | undefined> {
  if (response.status !== 401 && response.status !== 403) return undefined;
  const { code, members } = await problemFrom(response.clone());
  if (code === "step_up_needed") {
    const methods = Array.isArray(members.methods) ? members.methods.map(String) : [];
    return (await askToStepUp(methods)) ? session.get() : undefined;
  }
  if (code === "csrf_refused") return (await recallSession()) ?? undefined;
  if (code !== "unauthenticated") return undefined;
  const current = session.get();
  if (current === null) {
    // Cookies of a session that this device has forgotten: they hold, or they are in the way.
    const recalled = await recallSession();
    if (recalled === null) await dropCookies();
    return recalled;
  }
  return current.expiresAt === used?.expiresAt ? refresh(current) : current;
}

/**
 * `fetch` with the session. A token that no longer holds is renewed, a fresh proof of who is there is asked for where
 * one is needed, and the request repeated once.
 */
export async function authorizedFetch(input: Request): Promise<Response> {
  try {
    const current = await freshSession();
    const response = await fetch(dressed(input, current));
    const again = await secondChance(response, current);
    return again === undefined ? response : await fetch(dressed(input, again));
  } catch (error) {
    if (error instanceof TypeError) throw new NetworkError(error.message);
    throw error;
  }
}

/**
 * Moves the tokens of an earlier version, which any script could read, into cookies. They are erased unless the server
 * could not be asked, and the next visit tries again.
 */
export async function adoptOldSession(): Promise<void> {
  if (session.inherited() === null) return;
  await exclusively(async () => {
    const old = session.inherited();
    if (old === null) return;
    const response = await tell("refresh", { refresh_token: old.refreshToken }).catch(() => null);
    if (response === null || response.status >= 500) return;
    if (!response.ok) return session.end();
    session.start({ ...((await response.json()) as SessionAnswer), user: { id: old.userId } });
  });
}

/** Ends the session here. Throws when the server cannot be reached: only it can take the cookies back. */
export async function signOut(): Promise<void> {
  const response = await tell("logout").catch((error: unknown) => {
    throw new NetworkError(String(error));
  });
  if (response.status >= 500) throw await problemFrom(response);
  session.end();
}

const refuse: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await problemFrom(response);
  },
};

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: authorizedFetch });
api.use(refuse);

/** The data of an answer, nothing where it says that there is none; a refusal has already been thrown as `ApiError`. */
export async function data<T>(answer: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data: body, response } = await answer;
  if (body === undefined && response.status !== NO_CONTENT)
    throw new ApiError({ status: response.status, code: "empty_answer" });
  return body as T;
}

/** Sends raw bytes (pictures, files) under their own content type. */
export async function sendBytes<T>(method: "PUT" | "POST", path: string, body: Blob): Promise<T> {
  const request = new Request(new URL(path, window.location.origin), {
    method,
    body,
    headers: { "Content-Type": body.type || "application/octet-stream" },
  });
  const response = await authorizedFetch(request);
  if (!response.ok) throw await problemFrom(response);
  return (await response.json()) as T;
}

/** Covers and other pictures. */
export const putBytes = <T>(path: string, body: Blob): Promise<T> => sendBytes<T>("PUT", path, body);
