import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api, data } from "@/shared/api/client";
import { meQuery, useMe } from "@/shared/api/me";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { Section } from "@/shared/ui/section";
import { TextField } from "@/shared/ui/text-field";

export function Email() {
  const { t } = useLingui();
  const me = useMe();
  return (
    <Section
      id="email"
      title={t`Email address`}
      intro={t`You sign in with it, and letters about your account go there.`}
    >
      {me?.email ? (
        <p className="flex flex-wrap items-center gap-3">
          <bdi className="font-semibold break-all">{me.email}</bdi>
          {me.email_verified ? (
            <span className="flex items-center gap-1.5 text-sm text-success">
              <CircleCheck aria-hidden className="size-4" />
              {t`Confirmed`}
            </span>
          ) : null}
        </p>
      ) : null}
      <EmailForm />
    </Section>
  );
}

function EmailForm() {
  const { t } = useLingui();
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const change = useMutation({
    mutationFn: async () => {
      const address = email.trim();
      await api.POST("/api/v1/users/me/email", { body: { email: address } });
      // Where no letter can be sent, the address counts at once.
      const now = await data(api.GET("/api/v1/users/me"));
      client.setQueryData(meQuery.queryKey, now);
      return { address, counts: now.email?.toLowerCase() === address.toLowerCase() };
    },
    onSuccess: () => setEmail(""),
  });

  const { address, counts } = change.data ?? { address: "", counts: false };

  function submit(event: FormEvent) {
    event.preventDefault();
    if (email.trim()) change.mutate();
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
      <TextField
        label={t`New address`}
        type="email"
        name="email"
        autoComplete="email"
        dir="ltr"
        value={email}
        onChange={setEmail}
        error={change.isError ? errorText(change.error) : null}
      />
      <div role="status" className="empty:hidden">
        {change.isSuccess ? (
          <p className="rounded-md bg-success-soft px-4 py-3 text-sm font-medium text-ink">
            {counts ? (
              t`Your new address counts from now on.`
            ) : (
              <Trans>
                A letter is on its way to <bdi>{address}</bdi>. The old address counts until you open its link.
              </Trans>
            )}
          </p>
        ) : null}
      </div>
      <Button type="submit" className="self-start" isDisabled={!email.trim()} isPending={change.isPending}>
        {t`Change the address`}
      </Button>
    </form>
  );
}
