import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { errorText } from "@/shared/lib/error-text";
import { useTitle } from "@/shared/lib/title";
import { Button, buttonClasses } from "@/shared/ui/button";
import { Spinner } from "@/shared/ui/progress";
import { TextField } from "@/shared/ui/text-field";
import { AuthCard, FormError } from "./auth-card";
import { CheckMail } from "./check-mail";
import { useOffers } from "./offers";
import { useForgotten } from "./use-auth";

export function ForgotPasswordPage() {
  const { t } = useLingui();
  const offers = useOffers();
  const forgotten = useForgotten();
  const [email, setEmail] = useState("");
  useTitle(t`Forgot your password?`);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (email.trim()) forgotten.mutate(email.trim());
  }
  if (forgotten.isSuccess) return <CheckMail email={email.trim()} onBack={forgotten.reset} />;
  if (offers?.mail === false) return <NoMail />;
  return (
    <AuthCard
      title={t`Forgot your password?`}
      intro={t`Tell us your email address, and a letter brings a link to choose a new one.`}
      footer={<BackToSignIn />}
    >
      <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
        <FormError>{forgotten.isError ? errorText(forgotten.error) : null}</FormError>
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
        <Button type="submit" variant="primary" size="lg" isPending={forgotten.isPending} isDisabled={!email.trim()}>
          {forgotten.isPending ? <Spinner /> : null}
          {t`Send the letter`}
        </Button>
      </form>
    </AuthCard>
  );
}

function NoMail() {
  const { t } = useLingui();
  return (
    <AuthCard
      title={t`Forgot your password?`}
      intro={t`This place sends no mail. Ask the people who run it: they can give you a link that signs you in once.`}
    >
      <Link to="/sign-in" search={{}} className={buttonClasses("primary", "lg")}>
        {t`Back to sign-in`}
      </Link>
    </AuthCard>
  );
}

export function BackToSignIn() {
  const { t } = useLingui();
  return (
    <Link to="/sign-in" search={{}} className="font-semibold text-accent-text underline">
      {t`Back to sign-in`}
    </Link>
  );
}
