/** What the interface sees of what is kept on this device, and how it asks for more. The work comes when it is needed. */
import { create } from "zustand";
import type { QueueItem } from "@/player/types";
import { DEFAULT_BUDGET, type Kept } from "./rules";

export type DownloadsState = {
  /** By track; null: not looked at yet. */
  kept: ReadonlyMap<string, Kept> | null;
  paused: boolean;
  /** Bytes. */
  budget: number;
  /** What has no room left: the budget, and nothing may be cleared away, or the device itself. */
  full: "budget" | "device" | null;
  /** This browser keeps nothing. */
  closed: boolean;
};

/** Set once something was kept here: without it no page looks at the disk. */
const TRACE = "antiphon.offline";
const SETTLED_MS = 2500;

const wishes = (): Pick<DownloadsState, "paused" | "budget"> => ({
  paused: localStorage.getItem(`${TRACE}.paused`) === "1",
  budget: Number(localStorage.getItem(`${TRACE}.budget`)) || DEFAULT_BUDGET,
});

export const useDownloads = create<DownloadsState>(() => ({ kept: null, full: null, closed: false, ...wishes() }));

const manager = () => import("./downloads").then((module) => module.downloads);
type Manager = Awaited<ReturnType<typeof manager>>;
const ask = async (act: (manager: Manager) => unknown): Promise<void> => void (await act(await manager()));

export const downloads = {
  look: (): Promise<void> => ask((one) => one.look()),
  keep: (items: readonly QueueItem[], from: Kept["from"]): Promise<void> => {
    localStorage.setItem(TRACE, "1");
    return ask((one) => one.keep(items, from));
  },
  forget: (trackIds: readonly string[]): Promise<void> => ask((one) => one.forget(trackIds)),
  pin: (trackId: string, pinned: boolean): Promise<void> => ask((one) => one.pin(trackId, pinned)),
  retry: (trackId: string): Promise<void> => ask((one) => one.retry(trackId)),
  pause(paused: boolean): void {
    localStorage.setItem(`${TRACE}.paused`, paused ? "1" : "0");
    useDownloads.setState({ paused });
    void ask((one) => one.work());
  },
  setBudget(budget: number): void {
    localStorage.setItem(`${TRACE}.budget`, String(budget));
    useDownloads.setState({ budget });
    void ask((one) => one.work());
  },
};

// Another tab was told.
addEventListener("storage", ({ key }) => {
  if (!key?.startsWith(`${TRACE}.`)) return;
  useDownloads.setState(wishes());
  if (useDownloads.getState().kept !== null) void ask((one) => one.work());
});

addEventListener("load", () => {
  if (localStorage.getItem(TRACE) !== null) setTimeout(() => void downloads.look().catch(() => undefined), SETTLED_MS);
});
