import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { api, data } from "@/shared/api/client";
import { askForPasskey, passkeysPossible } from "@/shared/lib/passkeys";
import { Button } from "@/shared/ui/button";
import { FormError } from "./auth-card";
import { passkeyRefusal } from "./passkey-refusal";
import type { StepUpProps } from "./step-up-methods";

async function prove() {
  const options = await data(api.POST("/api/v1/auth/passkeys/options", { body: { purpose: "step_up" } }));
  if (!("rpId" in options)) throw new TypeError("these are not options to ask for a passkey");
  const credential = await askForPasskey(options);
  return api.POST("/api/v1/auth/step-up", { body: { method: "passkey", credential } });
}

export function StepUpPasskey({ onProven }: StepUpProps) {
  const { t } = useLingui();
  const proof = useMutation({ mutationFn: prove, onSuccess: onProven });
  if (!passkeysPossible()) return <p>{t`This browser cannot use passkeys here.`}</p>;
  return (
    <>
      <FormError>{passkeyRefusal(proof.error)}</FormError>
      <Button variant="primary" onPress={() => proof.mutate()} isPending={proof.isPending} autoFocus>
        <KeyRound aria-hidden className="size-5" />
        {t`Use a passkey`}
      </Button>
    </>
  );
}
