import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";
import { useMe } from "@/shared/api/me";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { PasswordField } from "@/shared/ui/password-field";
import { Section } from "@/shared/ui/section";
import { toast } from "@/shared/ui/toast";
import { passkeysQuery } from "./queries";

const MIN_PASSWORD = 8;

export function Password() {
  const { t } = useLingui();
  return (
    <Section id="password" title={t`Password`} intro={t`A new one signs every other device out.`}>
      <PasswordForm has={useQuery(passkeysQuery).data?.password ?? true} />
    </Section>
  );
}

/** `has`: there is a password already, and only who knows it may change it. */
function PasswordForm({ has }: { has: boolean }) {
  const { t } = useLingui();
  const me = useMe();
  const client = useQueryClient();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useMutation({
    mutationFn: () => api.POST("/api/v1/auth/password/change", { body: { current: current || null, password: next } }),
    onSuccess: async () => {
      setCurrent("");
      setNext("");
      toast(t`The password is changed. Every other device is signed out.`, "success");
      await client.invalidateQueries({ queryKey: ["me"] });
    },
  });
  const wrong = change.error instanceof ApiError && change.error.code === "bad_credentials";
  const tooShort = [...next].length < MIN_PASSWORD;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!tooShort) change.mutate();
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
      <input type="text" autoComplete="username" value={me?.email ?? ""} readOnly hidden />
      {has ? (
        <PasswordField
          label={t`Current password`}
          name="current"
          autoComplete="current-password"
          value={current}
          onChange={setCurrent}
          error={wrong ? t`This is not your password.` : null}
        />
      ) : null}
      <PasswordField
        label={t`New password`}
        name="password"
        autoComplete="new-password"
        value={next}
        onChange={setNext}
        help={t`At least ${MIN_PASSWORD} characters; a few words in a row are good.`}
      />
      {change.isError && !wrong ? (
        <p role="alert" className="text-sm font-medium text-danger">
          {errorText(change.error)}
        </p>
      ) : null}
      <Button
        type="submit"
        variant="primary"
        className="self-start"
        isDisabled={tooShort || (has && !current)}
        isPending={change.isPending}
      >
        {has ? t`Change the password` : t`Set a password`}
      </Button>
    </form>
  );
}
