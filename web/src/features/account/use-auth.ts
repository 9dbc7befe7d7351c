import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, data } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";
import { session, type SessionAnswer } from "@/shared/lib/session";
import { useFirstKey } from "./first-key";
import type { Fields } from "./sign-up-fields";
import { holdTicket, ticketIn, wayBackIn } from "./ticket";

/** What follows when the server let somebody in: the session begins, and on to where they wanted to go. */
export function useEnter(next: string | undefined) {
  const navigate = useNavigate();
  return async (answer: SessionAnswer & { landing?: string }) => {
    session.start(answer);
    holdTicket(null);
    await navigate({ to: answer.landing ?? next ?? "/", replace: true });
  };
}

/**
 * One way to sign in: `prove` asks the server, and may say which page of ours comes first, instead of `next`. A second
 * factor that is still needed leads to its page; every other refusal is in `error`.
 */
export function useSignIn<T>(
  next: string | undefined,
  prove: (proof: T) => Promise<SessionAnswer & { landing?: string }>,
) {
  const navigate = useNavigate();
  const enter = useEnter(next);
  return useMutation({
    mutationFn: prove,
    onSuccess: enter,
    onError: async (error) => {
      const way = wayBackIn(error);
      if (way !== null) {
        await navigate({ to: "/deletion/cancel", hash: `cancel_deletion=${way}` });
        return;
      }
      const ticket = ticketIn(error, next);
      if (ticket === null) return;
      holdTicket(ticket);
      await navigate({ to: "/sign-in/second-factor", search: { next } });
    },
  });
}

export const useLogin = (next: string | undefined) =>
  useSignIn(next, (body: { email: string; password: string }) => data(api.POST("/api/v1/auth/login", { body })));

export const useSignInLink = () =>
  useSignIn(undefined, (token: string) => data(api.POST("/api/v1/auth/link", { body: { token } })));

/** Makes an account. Where letters reach people it has to be confirmed by one first, and `onAwaited` says so. */
export function useRegister(next: string | undefined, onAwaited: (email: string) => void) {
  const enter = useEnter(next);
  const firstKey = useFirstKey();
  return useMutation({
    mutationFn: async ({ fields, byPasskey }: { fields: Fields; byPasskey: boolean }) => {
      const { handle, password, invitation } = fields;
      const who = { handle, email: fields.email.trim(), display_name: fields.display_name.trim() };
      const body = { ...who, ...(byPasskey ? { passkey: await firstKey.make(who) } : { password }) };
      const code = invitation.trim();
      return data(api.POST("/api/v1/auth/register", { body: code ? { ...body, invitation: code } : body }));
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code.startsWith("passkey_")) firstKey.forget();
    },
    onSuccess: (answer, { fields }) => ("user" in answer ? enter(answer) : onAwaited(fields.email.trim())),
  });
}

/** Asks for a letter to set the password anew; the answer never tells whether anybody has the address. */
export const useForgotten = () =>
  useMutation({
    mutationFn: (email: string) => data(api.POST("/api/v1/auth/password/forgot", { body: { email } })),
  });

export const useReset = (token: string) =>
  useSignIn(undefined, (password: string) =>
    data(api.POST("/api/v1/auth/password/reset", { body: { token, password } })),
  );
