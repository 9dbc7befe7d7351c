import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, data } from "@/shared/api/client";
import type { components } from "@/shared/api/schema.gen";
import { session } from "@/shared/lib/session";

type Login = components["schemas"]["Login"];
type Register = components["schemas"]["Register"];
type SignedIn = components["schemas"]["SignedIn"];

function useEnter(next: string | undefined) {
  const navigate = useNavigate();
  return async ({ tokens }: SignedIn) => {
    session.start(tokens);
    await navigate({ to: next ?? "/", replace: true });
  };
}

export function useLogin(next: string | undefined) {
  return useMutation({
    mutationFn: (body: Login) => data(api.POST("/api/v1/auth/login", { body })),
    onSuccess: useEnter(next),
  });
}

export function useRegister(next: string | undefined) {
  return useMutation({
    mutationFn: (body: Register) => data(api.POST("/api/v1/auth/register", { body })),
    onSuccess: useEnter(next),
  });
}

export function useSignInLink() {
  return useMutation({
    mutationFn: (token: string) => data(api.POST("/api/v1/auth/link", { body: { token } })),
    onSuccess: useEnter(undefined),
  });
}
