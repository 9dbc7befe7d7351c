import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { errorText } from "@/shared/lib/error-text";
import { useTitle } from "@/shared/lib/title";
import { Button } from "@/shared/ui/button";
import { TextField } from "@/shared/ui/text-field";
import { Spinner } from "@/shared/ui/progress";
import { AuthCard, FormError } from "./auth-card";
import { useLogin } from "./use-auth";

export function SignInPage() {
  const { t } = useLingui();
  const { next } = useSearch({ from: "/sign-in" });
  const login = useLogin(next);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  useTitle(t`Sign in`);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (email && password) login.mutate({ email: email.trim(), password });
  }

  return (
    <AuthCard
      title={t`Welcome back`}
      footer={
        <Trans>
          New here?{" "}
          <Link to="/sign-up" search={{ next }} className="font-semibold text-accent-text underline">
            Create an account
          </Link>
        </Trans>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
        <FormError>{login.isError ? errorText(login.error) : null}</FormError>
        <TextField
          label={t`Email`}
          type="email"
          name="email"
          autoComplete="username"
          dir="ltr"
          value={email}
          onChange={setEmail}
          required
          autoFocus
        />
        <TextField
          label={t`Password`}
          type="password"
          name="password"
          autoComplete="current-password"
          dir="ltr"
          value={password}
          onChange={setPassword}
          required
        />
        <Button type="submit" variant="primary" size="lg" isPending={login.isPending}>
          {login.isPending ? <Spinner /> : null}
          {t`Sign in`}
        </Button>
      </form>
    </AuthCard>
  );
}
