import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";
import { walletRefusal } from "@/shared/wallet/refusal";
import { WalletButton } from "@/shared/wallet/wallet-button";
import { type Signer, signWith, type Wallet } from "@/shared/wallet/wallets";
import { FormError } from "./auth-card";
import type { StepUpProps } from "./step-up-methods";

async function compose({ address, chainId }: Signer): Promise<string> {
  const body = { address, chain_id: chainId, purpose: "step_up" as const };
  return (await data(api.POST("/api/v1/users/me/wallets/nonce", { body }))).message ?? "";
}

export function StepUpWallet({ onProven }: StepUpProps) {
  const { t } = useLingui();
  const prove = useMutation({
    mutationFn: async (wallet: Wallet) =>
      api.POST("/api/v1/auth/wallet/step-up", { body: await signWith(wallet, compose) }),
    onSuccess: onProven,
  });
  return (
    <>
      <FormError>{walletRefusal(prove.error)}</FormError>
      <WalletButton variant="primary" onPick={(wallet) => prove.mutate(wallet)} isPending={prove.isPending} autoFocus>
        {t`Sign with your wallet`}
      </WalletButton>
    </>
  );
}
