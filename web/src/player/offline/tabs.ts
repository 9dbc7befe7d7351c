/** Tabs of one browser keep things in one place: one of them works at a time, and all of them show the same. */
import type { Kept } from "./rules";
import type { DownloadsState } from "./store";

export type Word = { owner: string } & ({ kept: Kept } | { gone: readonly string[] } | Pick<DownloadsState, "full">);

const NAME = "antiphon.offline";

/** Begins when no other tab is at it. Where the browser has no such locks (no secure address) tabs do not wait. */
export async function alone(work: () => Promise<void>): Promise<void> {
  if ("locks" in navigator) await navigator.locks.request(NAME, work);
  else await work();
}

/** Answers how to tell the others. */
export function hearTabs(heard: (word: Word) => void): (word: Word) => void {
  if (!("BroadcastChannel" in globalThis)) return () => undefined;
  const channel = new BroadcastChannel(NAME);
  channel.addEventListener("message", ({ data }: MessageEvent<Word>) => heard(data));
  return (word) => channel.postMessage(word);
}
