/** What is kept on this device, and the rules of keeping it. Nothing here touches the disk or the network. */
import type { QueueItem, StreamDescription } from "@/player/types";

export type KeptState = "waiting" | "loading" | "ready" | "failed" | "refused";

export type Kept = {
  /** Nobody else who signs in here sees or plays it. */
  owner: string;
  trackId: string;
  item: Omit<QueueItem, "key">;
  /** Of what it was kept: an album or a playlist; null: for itself. */
  from: { id: string; title: string } | null;
  state: KeptState;
  /** Why it failed or was refused, as the server names it. */
  because: string | null;
  /** Never cleared away to make room. */
  pinned: boolean;
  /** Bytes on this device, and of the whole where that is known. */
  got: number;
  bytes: number;
  /** With the one file that is kept. */
  description: StreamDescription | null;
  /** When the server has to be asked again, ISO; null: never. */
  expiresAt: string | null;
  /** When somebody wished for it, ms, the tracks of an album in their order; unknown of those kept long ago. */
  wishedAt?: number;
  /** When it was last kept or heard, ms. */
  touchedAt: number;
};

export const DEFAULT_BUDGET = 2_000_000_000;
export const BUDGETS = [500_000_000, 1_000_000_000, 2_000_000_000, 5_000_000_000, 20_000_000_000] as const;

/** Whether the time is over for which the server lent it. A clock set back gives nothing: what was heard later counts. */
export function lapsed(kept: Pick<Kept, "expiresAt" | "touchedAt">, now: number): boolean {
  return kept.expiresAt !== null && Math.max(now, kept.touchedAt) >= Date.parse(kept.expiresAt);
}

export function used(all: Iterable<Pick<Kept, "got">>): number {
  let sum = 0;
  for (const one of all) sum += one.got;
  return sum;
}

/**
 * What has to go so that `needed` more bytes fit into the budget: the longest unheard first, never what is pinned, nor
 * what is itself still on its way. Null: it does not fit whatever goes.
 */
export function toEvict(all: readonly Kept[], budget: number, needed: number): string[] | null {
  let over = used(all) + needed - budget;
  const going: string[] = [];
  const spare = all.filter((one) => one.state === "ready" && !one.pinned).sort((a, b) => a.touchedAt - b.touchedAt);
  for (const one of spare) {
    if (over <= 0) break;
    over -= one.got;
    going.push(one.trackId);
  }
  return over > 0 ? null : going;
}

const DAY_MS = 86_400_000;
/** Asked again well before it ends, so that a journey does not begin with the last day. */
const RENEW_BEFORE_MS = 20 * DAY_MS;

export function wantsRenewal(kept: Kept, now: number): boolean {
  return kept.state === "ready" && kept.expiresAt !== null && Date.parse(kept.expiresAt) - now < RENEW_BEFORE_MS;
}
