import { create } from "zustand";
import type { TokenPair } from "@/shared/api/types";

const STORAGE_KEY = "antiphon.session";
/** A token is renewed this long before it ends, so that no request is sent with one that dies on the way. */
const RENEW_BEFORE_MS = 30_000;

export type Session = { accessToken: string; refreshToken: string; expiresAt: number };
type SessionState = { session: Session | null };

function read(): Session | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "null");
    if (typeof stored !== "object" || stored === null) return null;
    const { accessToken, refreshToken, expiresAt } = stored as Partial<Session>;
    return accessToken && refreshToken && expiresAt ? { accessToken, refreshToken, expiresAt } : null;
  } catch {
    return null;
  }
}

const store = create<SessionState>(() => ({ session: read() }));

/** Reactive: true while somebody is signed in on this device. */
export const useSignedIn = (): boolean => store((state) => state.session !== null);

export const session = {
  get: (): Session | null => store.getState().session,
  signedIn: (): boolean => store.getState().session !== null,
  subscribe: (listener: (session: Session | null) => void): (() => void) =>
    store.subscribe((state, before) => {
      if (state.session !== before.session) listener(state.session);
    }),

  start(tokens: TokenPair): void {
    const next = {
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token,
      expiresAt: Date.now() + tokens.expires_in * 1000,
    };
    localStorage.setItem(STORAGE_KEY, JSON.stringify(next));
    store.setState({ session: next });
  },

  end(): void {
    localStorage.removeItem(STORAGE_KEY);
    store.setState({ session: null });
  },

  expiresSoon: (current: Session): boolean => current.expiresAt - Date.now() < RENEW_BEFORE_MS,

  /** Takes over what another tab wrote; answers the session that now holds. */
  sync(): Session | null {
    const stored = read();
    if (stored?.accessToken !== store.getState().session?.accessToken) store.setState({ session: stored });
    return stored;
  },
};

window.addEventListener("storage", (event) => {
  if (event.key === STORAGE_KEY || event.key === null) session.sync();
});
