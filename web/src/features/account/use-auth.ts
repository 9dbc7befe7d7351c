import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, data } from "@/shared/api/client";
import type { Login, Registration, SignIn } from "@/shared/api/types";
import { session } from "@/shared/lib/session";

function useEnter(next: string | undefined) {
  const navigate = useNavigate();
  return async ({ tokens }: SignIn) => {
    if (tokens) session.start(tokens);
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
  const enter = useEnter(next);
  return useMutation({
    mutationFn: (body: Registration) => data(api.POST("/api/v1/auth/register", { body })),
    onSuccess: (made) => ("user" in made ? enter(made) : undefined),
  });
}

export function useSignInLink() {
  return useMutation({
    mutationFn: (token: string) => data(api.POST("/api/v1/auth/link", { body: { token } })),
    onSuccess: useEnter(undefined),
  });
}
