import { create } from "zustand";

/** What this device knows of its session. The tokens are in cookies that no script can read, ours included. */
export type Session = { csrfToken: string; expiresAt: number; userId: string };

/** What a sign-in answers, as far as it concerns the session. */
export type SessionAnswer = { user: { id: string }; csrf_token?: string | null; expires_in: number };

/** Tokens of a version that kept them here; `api/client.ts` moves them into cookies. */
export type OldSession = { refreshToken: string; userId: string };

type SessionState = { session: Session | null; ended: string | null };
type Listener = (session: Session | null, before: Session | null) => void;

const STORAGE_KEY = "antiphon.session";
/** A session is renewed this long before its token ends, so that no request is sent with one that dies on the way. */
const RENEW_BEFORE_MS = 30_000;

function stored(): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "null");
    return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function read(): SessionState {
  const { csrfToken, expiresAt, userId, ended } = stored();
  const whole = typeof csrfToken === "string" && typeof expiresAt === "number" && typeof userId === "string";
  return {
    session: whole ? { csrfToken, expiresAt, userId } : null,
    ended: typeof ended === "string" ? ended : null,
  };
}

function write(session: Session): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify(session));
  store.setState({ session, ended: null });
}

const store = create<SessionState>(() => ({ session: read().session, ended: null }));

/** Reactive: true while somebody is signed in on this device. */
export const useSignedIn = (): boolean => store((state) => state.session !== null);
/** Reactive: why the last session ended, as the server names it; null when its owner ended it, or signed in again. */
export const useEndReason = (): string | null => store((state) => state.ended);

export const session = {
  get: (): Session | null => store.getState().session,
  signedIn: (): boolean => store.getState().session !== null,
  /** Why the last session ended; null when its owner ended it here. */
  endReason: (): string | null => store.getState().ended,
  subscribe: (listener: Listener): (() => void) =>
    store.subscribe((state, before) => {
      if (state.session !== before.session) listener(state.session, before.session);
    }),

  start(answer: SessionAnswer): void {
    const expiresAt = Date.now() + answer.expires_in * 1000;
    write({ csrfToken: answer.csrf_token ?? "", expiresAt, userId: answer.user.id });
  },

  /** The same session, with a token that was renewed. */
  renewed({ csrf_token, expires_in }: Omit<SessionAnswer, "user">): void {
    const current = store.getState().session;
    if (current === null) return;
    write({ ...current, csrfToken: csrf_token ?? current.csrfToken, expiresAt: Date.now() + expires_in * 1000 });
  },

  /** `reason` tells the other tabs too why they are signed out; without it, that somebody wanted it. */
  end(reason: string | null = null): void {
    if (reason === null) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, JSON.stringify({ ended: reason }));
    store.setState({ session: null, ended: reason });
  },

  expiresSoon: (current: Session): boolean => current.expiresAt - Date.now() < RENEW_BEFORE_MS,

  /** Takes over what another tab wrote; answers the session that now holds. */
  sync(): Session | null {
    const found = read();
    const held = store.getState().session;
    if (JSON.stringify(found.session) !== JSON.stringify(held)) store.setState(found);
    return store.getState().session;
  },

  inherited(): OldSession | null {
    const { accessToken, refreshToken } = stored();
    if (typeof accessToken !== "string" || typeof refreshToken !== "string") return null;
    return { refreshToken, userId: subjectOf(accessToken) };
  },
};

/** Whose access token it is. Nobody trusts the answer: it only keeps one person's play reports from another's. */
function subjectOf(accessToken: string): string {
  try {
    const payload = accessToken.split(".")[1] ?? "";
    const claims = JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/"))) as { sub?: string };
    return claims.sub ?? "person";
  } catch {
    return "person";
  }
}

window.addEventListener("storage", (event) => {
  if (event.key === STORAGE_KEY || event.key === null) session.sync();
});
