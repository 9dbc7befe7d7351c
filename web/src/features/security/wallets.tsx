import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Wallet as WalletIcon } from "lucide-react";
import { useState } from "react";
import { api, data } from "@/shared/api/client";
import { useOffers } from "@/shared/api/offers";
import type { LinkedWallet } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { ago, longDate } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { Section } from "@/shared/ui/section";
import { toast } from "@/shared/ui/toast";
import { walletRefusal } from "@/shared/wallet/refusal";
import { WalletButton } from "@/shared/wallet/wallet-button";
import { shortAddress, type Signer, signWith, type Wallet } from "@/shared/wallet/wallets";
import { Loaded } from "./loaded";
import { walletsQuery } from "./queries";

export function Wallets() {
  const { t } = useLingui();
  const offers = useOffers();
  const wallets = useQuery(walletsQuery);
  if (!offers?.wallet && !wallets.data?.length) return null;
  return (
    <Section
      id="wallets"
      title={t`Wallets`}
      intro={t`Sign in by signing a message. Nobody else sees which wallets are yours.`}
    >
      <Loaded query={wallets}>{(list) => <WalletList wallets={list} />}</Loaded>
      {offers?.wallet ? <Link /> : null}
    </Section>
  );
}

function WalletList({ wallets }: { wallets: readonly LinkedWallet[] }) {
  const { t } = useLingui();
  if (wallets.length === 0) return <p className="text-muted">{t`No wallet is linked to your account.`}</p>;
  return (
    <ul aria-label={t`Wallets`} className="flex flex-col">
      {wallets.map((wallet) => (
        <Linked key={wallet.id} wallet={wallet} />
      ))}
    </ul>
  );
}

function Linked({ wallet }: { wallet: LinkedWallet }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [asking, ask] = useState(false);
  const name = shortAddress(wallet.address);
  const remove = useMutation({
    mutationFn: () =>
      api.DELETE("/api/v1/users/me/wallets/{wallet_id}", { params: { path: { wallet_id: wallet.id } } }),
    onSuccess: () => toast(t`${name} no longer opens your account.`, "success"),
    onError: (error) => toast(errorText(error), "error"),
    onSettled: async () => {
      ask(false);
      await client.invalidateQueries({ queryKey: walletsQuery.queryKey });
    },
  });
  const since = longDate(wallet.linked_at);
  const used = wallet.last_used_at ? ago(wallet.last_used_at) : null;
  const chain = wallet.contract_chain;
  return (
    <li className="flex items-center gap-4 border-t border-line py-4 first:border-t-0 first:pt-0">
      <span
        aria-hidden
        className="grid size-11 shrink-0 place-items-center rounded-full bg-raised text-muted [&>svg]:size-5"
      >
        <WalletIcon />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p dir="ltr" className="font-mono text-sm font-semibold break-all text-start rtl:text-end">
          {wallet.address}
        </p>
        <p className="text-sm text-muted">
          {t`Linked ${since}`}
          {used ? ` · ${t`last used ${used}`}` : ""}
        </p>
        {chain === null ? null : <p className="text-sm text-muted">{t`A contract on chain ${chain}`}</p>}
      </div>
      <Button size="sm" onPress={() => ask(true)} aria-label={t`Remove ${name}`}>
        {t`Remove`}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => ask(false)}
        onConfirm={() => remove.mutate()}
        title={t`Remove this wallet?`}
        confirmLabel={t`Remove`}
        pending={remove.isPending}
      >
        {t`It no longer signs in to your account. You can link it again at any time.`}
      </ConfirmDialog>
    </li>
  );
}

async function compose({ address, chainId }: Signer): Promise<string> {
  const body = { address, chain_id: chainId, purpose: "link" as const };
  return (await data(api.POST("/api/v1/users/me/wallets/nonce", { body }))).message ?? "";
}

function Link() {
  const { t } = useLingui();
  const client = useQueryClient();
  const link = useMutation({
    mutationFn: async (wallet: Wallet) =>
      api.POST("/api/v1/users/me/wallets", { body: await signWith(wallet, compose) }),
    onSuccess: () => toast(t`The wallet is linked.`, "success"),
    onSettled: () => client.invalidateQueries({ queryKey: walletsQuery.queryKey }),
  });
  const refusal = walletRefusal(link.error);
  return (
    <div className="flex flex-col items-start gap-3">
      <WalletButton onPick={(wallet) => link.mutate(wallet)} isPending={link.isPending}>
        {t`Link a wallet`}
      </WalletButton>
      {refusal ? (
        <p role="alert" className="text-sm font-medium text-danger">
          {refusal}
        </p>
      ) : null}
    </div>
  );
}
