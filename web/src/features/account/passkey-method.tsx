import { useLingui } from "@lingui/react/macro";
import { KeyRound } from "lucide-react";
import { useEffect, useRef } from "react";
import { api, data } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";
import { askForPasskey, autofillPossible, passkeysPossible } from "@/shared/lib/passkeys";
import { Button } from "@/shared/ui/button";
import { FormError } from "./auth-card";
import type { MethodProps } from "./methods";
import { useOffers } from "./offers";
import { passkeyRefusal } from "./passkey-refusal";
import { useSignIn } from "./use-auth";

async function begin() {
  const options = await data(api.POST("/api/v1/auth/passkeys/options", { body: { purpose: "login" } }));
  if (!("rpId" in options)) throw new TypeError("these are not options to ask for a passkey");
  return options;
}

type How = { waiting: boolean; signal: AbortSignal };

async function prove(how: How) {
  const credential = await askForPasskey(await begin(), how);
  return data(api.POST("/api/v1/auth/passkeys/login", { body: { credential } }));
}

// A ceremony lasts five minutes on the server; one that waits for the person is begun anew before that.
const RENEW_AFTER_MS = 4 * 60_000;

/**
 * Signs in with a passkey alone: by the button, or where the browser offers one in the field for the address
 * (`autocomplete="username webauthn"`), for which a ceremony waits as long as the page is open.
 */
export function PasskeyMethod({ next }: MethodProps) {
  return useOffers()?.passkeys && passkeysPossible() ? <Ways next={next} /> : null;
}

function Ways({ next }: MethodProps) {
  const { t } = useLingui();
  const byButton = useSignIn(next, prove);
  const inField = useSignIn(next, prove);
  const underWay = useRef<AbortController | null>(null);
  const { mutate: wait } = inField;
  const busy = byButton.isPending || byButton.isSuccess;

  /** Only one ceremony can be under way in a browser: the one that waits makes room. */
  function instead(): AbortSignal {
    underWay.current?.abort();
    underWay.current = new AbortController();
    return underWay.current.signal;
  }

  useEffect(() => {
    if (busy) return;
    let over = false;
    let renewal: number | undefined;
    const begin = () => {
      wait({ waiting: true, signal: instead() });
      renewal = window.setTimeout(begin, RENEW_AFTER_MS);
    };
    void autofillPossible().then((possible) => possible && !over && begin());
    return () => {
      over = true;
      window.clearTimeout(renewal);
      underWay.current?.abort();
    };
  }, [busy, wait]);

  return (
    <>
      <Button
        size="lg"
        onPress={() => byButton.mutate({ waiting: false, signal: instead() })}
        isPending={byButton.isPending}
      >
        <KeyRound aria-hidden className="size-5" />
        {t`Sign in with a passkey`}
      </Button>
      <FormError>
        {passkeyRefusal(byButton.error) ?? (inField.error instanceof ApiError ? passkeyRefusal(inField.error) : null)}
      </FormError>
    </>
  );
}
