import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { endReasonText } from "@/shared/lib/end-reason";
import { codeText } from "@/shared/lib/error-text";
import { useEndReason } from "@/shared/lib/session";
import { useTitle } from "@/shared/lib/title";
import { Button } from "@/shared/ui/button";
import { PasswordField } from "@/shared/ui/password-field";
import { TextField } from "@/shared/ui/text-field";
import { Spinner } from "@/shared/ui/progress";
import { AuthCard, FormError, Note, Or } from "./auth-card";
import { methods } from "./methods";
import { useOffers } from "./offers";
import { refusalText } from "./refusal";
import { useLogin } from "./use-auth";

export function SignInPage() {
  const { t } = useLingui();
  const { next, problem } = useSearch({ from: "/sign-in" });
  const offers = useOffers();
  const ended = useEndReason();
  useTitle(t`Sign in`);
  return (
    <AuthCard
      title={t`Welcome back`}
      footer={
        offers?.registration === "closed" ? null : (
          <Trans>
            New here?{" "}
            <Link to="/sign-up" search={{ next }} className="font-semibold text-accent-text underline">
              Create an account
            </Link>
          </Trans>
        )
      }
    >
      {ended === null ? null : <Note>{endReasonText(ended)}</Note>}
      <FormError>{problem ? (codeText(problem) ?? t`You were not signed in. Try again.`) : null}</FormError>
      <PasswordForm next={next} forgettable={offers?.mail ?? false} />
      <Or>{t`or`}</Or>
      <div className="flex flex-col gap-3 empty:hidden">
        {methods.map((Method, place) => (
          <Method key={place} next={next} />
        ))}
      </div>
    </AuthCard>
  );
}

function PasswordForm({ next, forgettable }: { next: string | undefined; forgettable: boolean }) {
  const { t } = useLingui();
  const login = useLogin(next);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    if (email && password) login.mutate({ email: email.trim(), password });
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
      <FormError>{refusalText(login.error)}</FormError>
      <TextField
        label={t`Email`}
        type="email"
        name="email"
        autoComplete="username webauthn"
        dir="ltr"
        value={email}
        onChange={setEmail}
        required
        autoFocus
      />
      <PasswordField
        label={t`Password`}
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        required
      />
      <Button type="submit" variant="primary" size="lg" isPending={login.isPending}>
        {login.isPending ? <Spinner /> : null}
        {t`Sign in`}
      </Button>
      {forgettable ? (
        <Link
          to="/forgot-password"
          className="flex min-h-11 items-center self-center px-3 text-sm font-semibold text-accent-text underline"
        >
          {t`Forgot your password?`}
        </Link>
      ) : null}
    </form>
  );
}
