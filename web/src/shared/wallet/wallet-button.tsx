import { Trans, useLingui } from "@lingui/react/macro";
import { Wallet as WalletIcon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button, type ButtonProps } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Spinner } from "@/shared/ui/progress";
import { useWallets, type Wallet } from "./wallets";

const HOW_TO_GET_ONE = "https://ethereum.org/wallets/find-wallet/";

type WalletButtonProps = Pick<ButtonProps, "variant" | "size" | "className" | "autoFocus"> & {
  children: ReactNode;
  onPick: (wallet: Wallet) => void;
  isPending: boolean;
};

/** Picks the one wallet of the browser, lets people choose where there are several, and says how to get the first. */
export function WalletButton({ children, onPick, isPending, ...look }: WalletButtonProps) {
  const { t } = useLingui();
  const wallets = useWallets();
  const [choosing, choose] = useState(false);

  function press() {
    const [only, another] = wallets;
    if (only && !another) onPick(only);
    else choose(true);
  }
  function pick(wallet: Wallet) {
    choose(false);
    onPick(wallet);
  }
  return (
    <>
      <Button {...look} onPress={press} isPending={isPending}>
        {isPending ? <Spinner /> : <WalletIcon aria-hidden className="size-5" />}
        {children}
      </Button>
      <p role="status" className="text-center text-sm text-muted empty:hidden">
        {isPending ? t`Open your wallet and sign the message.` : null}
      </p>
      <Dialog
        open={choosing}
        onClose={() => choose(false)}
        title={wallets.length > 0 ? t`Which wallet?` : t`No wallet in this browser`}
        size="sm"
      >
        {wallets.length > 0 ? <Choice wallets={wallets} onPick={pick} /> : <HowToGetOne />}
      </Dialog>
    </>
  );
}

function Choice({ wallets, onPick }: { wallets: readonly Wallet[]; onPick: (wallet: Wallet) => void }) {
  const { t } = useLingui();
  return (
    <ul className="flex flex-col gap-2">
      {wallets.map((wallet) => (
        <li key={wallet.id}>
          <Button size="lg" className="w-full justify-start px-5" onPress={() => onPick(wallet)}>
            {wallet.icon ? (
              <img src={wallet.icon} alt="" className="size-7 rounded-sm" />
            ) : (
              <WalletIcon aria-hidden className="size-6 text-muted" />
            )}
            <bdi className="truncate">{wallet.name || t`Wallet`}</bdi>
          </Button>
        </li>
      ))}
    </ul>
  );
}

function HowToGetOne() {
  return (
    <p className="text-muted">
      <Trans>
        A wallet is a program that keeps a key of yours and signs with it; nothing is paid for that here.{" "}
        <a href={HOW_TO_GET_ONE} target="_blank" rel="noreferrer" className="font-semibold text-accent-text underline">
          How to get one
        </a>
        , then load this page again.
      </Trans>
    </p>
  );
}
