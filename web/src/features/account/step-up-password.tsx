import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "@/shared/api/client";
import { useMe } from "@/shared/api/me";
import { ApiError } from "@/shared/api/errors";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { PasswordField } from "@/shared/ui/password-field";
import type { StepUpProps } from "./step-up-methods";

export function StepUpPassword({ onProven }: StepUpProps) {
  const { t } = useLingui();
  const me = useMe();
  const [password, setPassword] = useState("");
  const prove = useMutation({
    mutationFn: () => api.POST("/api/v1/auth/step-up", { body: { method: "password", password } }),
    onSuccess: onProven,
  });
  const wrong = prove.error instanceof ApiError && prove.error.code === "bad_credentials";

  function submit(event: FormEvent) {
    event.preventDefault();
    if (password) prove.mutate();
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      {/* For password managers, which look for the name that belongs to the password. */}
      <input type="text" autoComplete="username" value={me?.email ?? ""} readOnly hidden />
      <PasswordField
        label={t`Password`}
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        error={prove.isError ? (wrong ? t`This is not your password.` : errorText(prove.error)) : null}
        autoFocus
      />
      <Button type="submit" variant="primary" isPending={prove.isPending} isDisabled={!password}>
        {t`Continue`}
      </Button>
    </form>
  );
}
