import { useLingui } from "@lingui/react/macro";
import { api, data } from "@/shared/api/client";
import { walletRefusal } from "@/shared/wallet/refusal";
import { WalletButton } from "@/shared/wallet/wallet-button";
import { type Signer, signWith, type Wallet } from "@/shared/wallet/wallets";
import { FormError } from "./auth-card";
import type { MethodProps } from "./methods";
import { useOffers } from "./offers";
import { refusalText } from "./refusal";
import { useSignIn } from "./use-auth";
import { ApiError } from "@/shared/api/errors";

async function compose({ address, chainId }: Signer): Promise<string> {
  const asked = await data(api.POST("/api/v1/auth/wallet/nonce", { body: { address, chain_id: chainId } }));
  return asked.message ?? "";
}

/** Whoever comes for the first time has a made-up name, and is led to where they can say another. */
async function prove(wallet: Wallet) {
  const signed = await signWith(wallet, compose);
  const answer = api.POST("/api/v1/auth/wallet/verify", { body: signed });
  const isNew = (await answer).response.status === 201;
  return { ...(await data(answer)), ...(isNew ? { landing: "/settings" } : {}) };
}

export function WalletMethod({ next }: MethodProps) {
  const { t } = useLingui();
  const offers = useOffers();
  const enter = useSignIn(next, prove);
  if (!offers?.wallet) return null;
  const refusal = enter.error instanceof ApiError ? refusalText(enter.error) : walletRefusal(enter.error);
  return (
    <>
      <WalletButton size="lg" onPick={(wallet) => enter.mutate(wallet)} isPending={enter.isPending}>
        {t`Sign in with a wallet`}
      </WalletButton>
      <FormError>{refusal}</FormError>
    </>
  );
}
