import { useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { ApiError } from "@/shared/api/errors";
import { useTitle } from "@/shared/lib/title";
import { Button } from "@/shared/ui/button";
import { PasswordField } from "@/shared/ui/password-field";
import { Spinner } from "@/shared/ui/progress";
import { AuthCard, FormError } from "./auth-card";
import { DeadLink } from "./dead-link";
import { BackToSignIn } from "./forgot-password-page";
import { useHashToken } from "./hash-token";
import { refusalText } from "./refusal";
import { MIN_PASSWORD } from "./sign-up-fields";
import { useReset } from "./use-auth";

export function ResetPasswordPage() {
  const { t } = useLingui();
  const token = useHashToken("reset_password")?.token;
  useTitle(t`Choose a new password`);
  return token ? <Form token={token} /> : <DeadLink />;
}

function Form({ token }: { token: string }) {
  const { t } = useLingui();
  const reset = useReset(token);
  const [password, setPassword] = useState("");
  const [short, setShort] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    const tooShort = [...password].length < MIN_PASSWORD;
    setShort(tooShort);
    if (!tooShort) reset.mutate(password);
  }
  if (reset.error instanceof ApiError && reset.error.code === "invalid_link") return <DeadLink again />;
  return (
    <AuthCard
      title={t`Choose a new password`}
      intro={t`It takes the place of the old one, and every other device is signed out.`}
      footer={<BackToSignIn />}
    >
      <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
        <FormError>{refusalText(reset.error)}</FormError>
        <PasswordField
          label={t`New password`}
          name="password"
          autoComplete="new-password"
          value={password}
          onChange={(value) => {
            setShort(false);
            setPassword(value);
          }}
          help={t`At least ${MIN_PASSWORD} characters; a few words in a row are good.`}
          error={short ? t`Use at least ${MIN_PASSWORD} characters.` : null}
          required
          autoFocus
        />
        <Button type="submit" variant="primary" size="lg" isPending={reset.isPending}>
          {reset.isPending ? <Spinner /> : null}
          {t`Save and sign in`}
        </Button>
      </form>
    </AuthCard>
  );
}
