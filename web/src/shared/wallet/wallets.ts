import { useSyncExternalStore } from "react";

/** A wallet of this browser, as far as EIP-1193 promises it. */
export type WalletProvider = {
  request(asked: { method: string; params?: readonly unknown[] }): Promise<unknown>;
};

/** `name` is empty where the wallet does not say one; `icon` is an address that an `<img>` may show. */
export type Wallet = { id: string; name: string; icon: string | null; provider: WalletProvider };

/** What a wallet is asked to sign by its owner: `address` in any spelling, `chainId` where it stands at present. */
export type Signer = { address: string; chainId: number };

export type Signed = { message: string; signature: string };

/** The owner of the wallet said no, or has not answered what it asked before. */
export class WalletDeclined extends Error {
  readonly waiting: boolean;
  constructor(waiting: boolean) {
    super(waiting ? "the wallet is asking already" : "declined");
    this.waiting = waiting;
  }
}

declare global {
  interface Window {
    ethereum?: WalletProvider;
  }
}

type Announcement = { info: { uuid: string; name: string; icon: string }; provider: WalletProvider };

const DECLINED = 4001;
const ASKING_ALREADY = -32002;
const ICON = /^data:image\/(?:svg\+xml|png|webp|jpeg|gif)[;,]/;

let announced: readonly Wallet[] = [];
let known: readonly Wallet[] = [];
const listeners = new Set<() => void>();

const isProvider = (value: unknown): value is WalletProvider =>
  typeof value === "object" && value !== null && typeof (value as WalletProvider).request === "function";

function isAnnouncement(value: unknown): value is Announcement {
  if (typeof value !== "object" || value === null) return false;
  const { info, provider } = value as Partial<Announcement>;
  return typeof info?.uuid === "string" && typeof info.name === "string" && isProvider(provider);
}

/** EIP-6963: every wallet of the browser announces itself, so that one does not hide the other. */
function hear(event: Event): void {
  const found: unknown = (event as CustomEvent<unknown>).detail;
  if (!isAnnouncement(found) || announced.some((wallet) => wallet.id === found.info.uuid)) return;
  const { uuid, name, icon } = found.info;
  announced = [...announced, { id: uuid, name, icon: ICON.test(icon) ? icon : null, provider: found.provider }];
  refresh();
}

/** Those that announced themselves; else the one that older wallets put into the page. */
function refresh(): void {
  const old = isProvider(window.ethereum) ? [{ id: "ethereum", name: "", icon: null, provider: window.ethereum }] : [];
  const next = announced.length > 0 ? announced : old;
  if (next.length === known.length && next.every((wallet, place) => wallet.provider === known[place]?.provider)) return;
  known = next;
  for (const tell of listeners) tell();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    window.addEventListener("eip6963:announceProvider", hear);
    window.addEventListener("ethereum#initialized", refresh);
  }
  listeners.add(listener);
  window.dispatchEvent(new Event("eip6963:requestProvider"));
  refresh();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.removeEventListener("eip6963:announceProvider", hear);
    window.removeEventListener("ethereum#initialized", refresh);
  };
}

/** The wallets of this browser; nobody is asked for anything. */
export const useWallets = (): readonly Wallet[] => useSyncExternalStore(subscribe, () => known);

/** Enough of an address to know it again. */
export const shortAddress = (address: string): string => `${address.slice(0, 6)}…${address.slice(-4)}`;

const hex = (text: string): string =>
  `0x${Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;

async function ask(provider: WalletProvider, method: string, params: readonly unknown[] = []): Promise<unknown> {
  try {
    return await provider.request({ method, params });
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    if (code === DECLINED || code === ASKING_ALREADY) throw new WalletDeclined(code === ASKING_ALREADY);
    throw error;
  }
}

/** Lets the owner of the wallet choose an account and sign what `compose` asks of it. Throws WalletDeclined. */
export async function signWith(wallet: Wallet, compose: (signer: Signer) => Promise<string>): Promise<Signed> {
  const accounts = await ask(wallet.provider, "eth_requestAccounts");
  const address: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
  if (typeof address !== "string") throw new WalletDeclined(false);
  const chainId = Number(await ask(wallet.provider, "eth_chainId"));
  const message = await compose({ address, chainId });
  const signature = await ask(wallet.provider, "personal_sign", [hex(message), address]);
  if (typeof signature !== "string") throw new WalletDeclined(false);
  return { message, signature };
}
