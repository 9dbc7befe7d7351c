import { useLingui } from "@lingui/react/macro";
import { KeyRound } from "lucide-react";
import { api, data } from "@/shared/api/client";
import { askForPasskey } from "@/shared/lib/passkeys";
import { Button } from "@/shared/ui/button";
import { FormError } from "./auth-card";
import { passkeyRefusal } from "./passkey-refusal";
import type { SecondFactorProps } from "./second-factors";
import { useSignIn } from "./use-auth";

async function prove(ticket: string) {
  const asked = { purpose: "second_factor", ticket } as const;
  const options = await data(api.POST("/api/v1/auth/passkeys/options", { body: asked }));
  if (!("rpId" in options)) throw new TypeError("these are not options to ask for a passkey");
  const credential = await askForPasskey(options);
  return data(api.POST("/api/v1/auth/mfa/verify", { body: { ticket, method: "passkey", credential } }));
}

export function PasskeySecondFactor({ ticket, next }: SecondFactorProps) {
  const { t } = useLingui();
  const proof = useSignIn(next, prove);
  return (
    <div className="flex flex-col gap-5">
      <FormError>{passkeyRefusal(proof.error)}</FormError>
      <p className="text-muted">{t`Use one of the passkeys that you have added to your account.`}</p>
      <Button variant="primary" size="lg" onPress={() => proof.mutate(ticket)} isPending={proof.isPending} autoFocus>
        <KeyRound aria-hidden className="size-5" />
        {t`Use a passkey`}
      </Button>
    </div>
  );
}
