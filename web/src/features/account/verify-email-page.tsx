import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";
import { meQuery } from "@/shared/api/me";
import { errorText } from "@/shared/lib/error-text";
import { useTitle } from "@/shared/lib/title";
import { Button, buttonClasses } from "@/shared/ui/button";
import { Spinner } from "@/shared/ui/progress";
import { TextField } from "@/shared/ui/text-field";
import { AuthCard, FormError } from "./auth-card";
import { DeadLink } from "./dead-link";
import { useHashToken } from "./hash-token";
import { useEnter } from "./use-auth";

/** Where the links of letters about addresses lead: of a new account, or of a new address of an old one. */
export function VerifyEmailPage() {
  const { t } = useLingui();
  const link = useHashToken("sign_up", "email_change");
  useTitle(t`Confirm your email address`);
  if (link === null) return <DeadLink />;
  return link.name === "sign_up" ? <FinishSignUp token={link.token} /> : <ConfirmChange token={link.token} />;
}

const isDead = (error: unknown): boolean => error instanceof ApiError && error.code === "invalid_link";

// A button, because programs that look through mail open links; what they open must still work afterwards.
function FinishSignUp({ token }: { token: string }) {
  const { t } = useLingui();
  const enter = useEnter(undefined);
  const [handle, setHandle] = useState<string>();
  const finish = useMutation({
    mutationFn: async () => {
      const body = { token, kind: "sign_up" as const, ...(handle ? { handle } : {}) };
      return (await api.POST("/api/v1/auth/email/verify", { body })).data;
    },
    onSuccess: async (answer) => {
      if (answer) await enter(answer);
    },
  });
  const taken = finish.error instanceof ApiError && finish.error.code === "handle_taken";

  function submit(event: FormEvent) {
    event.preventDefault();
    finish.mutate();
  }
  if (isDead(finish.error)) return <DeadLink />;
  return (
    <AuthCard
      title={t`Confirm your email address`}
      intro={t`One click, and your account is ready: you are signed in here at once.`}
    >
      <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
        <FormError>{finish.isError && !taken ? errorText(finish.error) : null}</FormError>
        {taken || handle !== undefined ? (
          <TextField
            label={t`Handle`}
            name="handle"
            autoComplete="off"
            dir="ltr"
            value={handle ?? ""}
            onChange={(value) => setHandle(value.toLowerCase())}
            error={taken ? t`Somebody took your handle in the meantime. Choose another one.` : null}
            autoFocus
          />
        ) : null}
        <Button type="submit" variant="primary" size="lg" isPending={finish.isPending} autoFocus={!taken}>
          {finish.isPending ? <Spinner /> : null}
          {t`Confirm and sign in`}
        </Button>
      </form>
    </AuthCard>
  );
}

function ConfirmChange({ token }: { token: string }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const confirm = useMutation({
    mutationFn: () => api.POST("/api/v1/auth/email/verify", { body: { token, kind: "email_change" } }),
    onSuccess: () => client.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
  if (isDead(confirm.error)) return <DeadLink />;
  if (confirm.isSuccess) {
    return (
      <AuthCard title={t`Your new address counts`} intro={t`From now on you sign in with it, and letters go there.`}>
        <Link to="/settings" className={buttonClasses("primary", "lg")}>
          {t`Go to the settings`}
        </Link>
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title={t`Confirm your email address`}
      intro={t`From then on you sign in with the new address, and letters go there.`}
    >
      <FormError>{confirm.isError ? errorText(confirm.error) : null}</FormError>
      <Button variant="primary" size="lg" isPending={confirm.isPending} onPress={() => confirm.mutate()} autoFocus>
        {confirm.isPending ? <Spinner /> : null}
        {t`Confirm`}
      </Button>
    </AuthCard>
  );
}
