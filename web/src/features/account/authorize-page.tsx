import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, data } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";
import { useMe } from "@/shared/api/me";
import type { AppAsked } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { useTitle } from "@/shared/lib/title";
import { Button } from "@/shared/ui/button";
import { Spinner } from "@/shared/ui/progress";
import { AuthCard, FormError } from "./auth-card";
import { useAppScopes } from "./app-scopes";

/** What the app sent its user here with, letter by letter. */
function asked(): AppAsked {
  const query = new URLSearchParams(window.location.search);
  const text = (name: string, otherwise = "") => query.get(name) ?? otherwise;
  return {
    client_id: text("client_id"),
    redirect_uri: text("redirect_uri"),
    response_type: text("response_type"),
    code_challenge: text("code_challenge"),
    code_challenge_method: text("code_challenge_method"),
    scope: text("scope", "openid"),
    state: text("state"),
    nonce: text("nonce"),
  };
}

/** Where an app of this house sends its user to sign in: they see what it asks for, and decide. */
export function AuthorizePage() {
  const { t } = useLingui();
  const me = useMe();
  const [request] = useState(asked);
  const words = useAppScopes();
  const answered = useRef(false);
  useTitle(t`Sign in to an app`);
  const consent = useQuery({
    queryKey: ["me", "consent", request],
    queryFn: () => data(api.POST("/api/v1/oauth/consent", { body: request })),
    retry: false,
  });
  const answer = useMutation({
    mutationFn: (allow: boolean) => data(api.POST("/api/v1/oauth/authorize", { body: { ...request, allow } })),
    onSuccess: ({ redirect_to }) => window.location.assign(redirect_to),
  });
  const { mutate } = answer;
  const granted = consent.data?.granted === true;

  useEffect(() => {
    // Who allowed all of it before is not asked again.
    if (!granted || answered.current) return;
    answered.current = true;
    mutate(true);
  }, [granted, mutate]);

  if (consent.error) {
    const foreign = consent.error instanceof ApiError && consent.error.code === "app_refused";
    return (
      <AuthCard title={t`This app cannot sign you in`}>
        <FormError>
          {foreign
            ? t`It is not registered here, or asks for something that is not offered. Nothing was told to it.`
            : errorText(consent.error)}
        </FormError>
      </AuthCard>
    );
  }
  if (!consent.data || granted || answer.isSuccess) {
    return (
      <AuthCard title={t`One moment`}>
        {answer.error ? (
          <FormError>{errorText(answer.error)}</FormError>
        ) : (
          <p className="flex items-center gap-3 text-muted">
            <Spinner /> {t`Going on to the app`}
          </p>
        )}
      </AuthCard>
    );
  }
  const { app } = consent.data;
  const order = [...words.keys()];
  const scopes = consent.data.scopes.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
  const back = new URL(request.redirect_uri);
  const place = back.host || back.protocol;
  const name = me?.display_name ?? "";
  const footer = t`Then you go on to ${place}. Under Security you can sign the app out at any time.`;
  return (
    <AuthCard
      title={t`Sign in to ${app}`}
      intro={name ? t`As ${name}. The app will be allowed to:` : ""}
      footer={footer}
    >
      <ul className="flex flex-col gap-3">
        {scopes.map((scope) => (
          <li key={scope} className="rounded-lg border border-line bg-raised px-4 py-3 font-medium">
            {words.get(scope) ?? scope}
          </li>
        ))}
      </ul>
      <FormError>{answer.error ? errorText(answer.error) : null}</FormError>
      <div className="flex flex-wrap gap-3">
        <Button variant="primary" size="lg" isPending={answer.isPending} onPress={() => mutate(true)}>
          {t`Allow`}
        </Button>
        <Button size="lg" isDisabled={answer.isPending} onPress={() => mutate(false)}>
          {t`Do not allow`}
        </Button>
      </div>
    </AuthCard>
  );
}
