import { useLingui } from "@lingui/react/macro";
import { api, data } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";
import type { WalletSignIn } from "@/shared/api/types";
import { walletRefusal } from "@/shared/wallet/refusal";
import { WalletButton } from "@/shared/wallet/wallet-button";
import { type Signer, signWith, type Wallet } from "@/shared/wallet/wallets";
import { FormError } from "./auth-card";
import type { MethodProps, Newcomer } from "./methods";
import { useOffers } from "./offers";
import { refusalText } from "./refusal";
import { useSignIn } from "./use-auth";

async function compose({ address, chainId }: Signer): Promise<string> {
  const asked = await data(api.POST("/api/v1/auth/wallet/nonce", { body: { address, chain_id: chainId } }));
  return asked.message ?? "";
}

/** Whoever is new and said no name has a made-up one, and is led to where they can say another. */
async function prove({ wallet, newcomer }: { wallet: Wallet; newcomer: Newcomer | undefined }) {
  const signed = await signWith(wallet, compose);
  const body: WalletSignIn = {
    ...signed,
    display_name: newcomer?.display_name.trim() || null,
    handle: newcomer?.handle.trim() || null,
    invitation: newcomer?.invitation.trim() || null,
  };
  const answer = api.POST("/api/v1/auth/wallet/verify", { body });
  const nameless = (await answer).response.status === 201 && !newcomer?.display_name.trim();
  return { ...(await data(answer)), ...(nameless ? { landing: "/settings" } : {}) };
}

export function WalletMethod({ next, newcomer }: MethodProps & { newcomer?: Newcomer }) {
  const { t } = useLingui();
  const offers = useOffers();
  const enter = useSignIn(next, prove);
  if (!offers?.wallet) return null;
  const { error } = enter;
  const uninvited = error instanceof ApiError && error.code === "invitation_needed" && !newcomer?.invitation.trim();
  const refusal = error instanceof ApiError ? refusalText(error) : walletRefusal(error);
  return (
    <>
      <WalletButton size="lg" onPick={(wallet) => enter.mutate({ wallet, newcomer })} isPending={enter.isPending}>
        {newcomer ? t`Sign up with a wallet` : t`Sign in with a wallet`}
      </WalletButton>
      <FormError>{uninvited ? t`New people come here by invitation.` : refusal}</FormError>
    </>
  );
}
