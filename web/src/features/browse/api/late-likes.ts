/** Likes that the server has not heard of yet: made without the network, told when it is back, the last word of each. */
import { create } from "zustand";
import { api } from "@/shared/api/client";
import { NetworkError } from "@/shared/api/errors";
import { queryClient } from "@/shared/lib/query";
import { session } from "@/shared/lib/session";

/** The network may say that it is back a moment before it is. */
const AGAIN_MS = 10_000;

type Late = Readonly<Record<string, boolean>>;

const key = (): string => `antiphon.likes.${session.get()?.userId ?? ""}`;

function read(): Late {
  try {
    return (JSON.parse(localStorage.getItem(key()) ?? "{}") ?? {}) as Late;
  } catch {
    return {};
  }
}

export const useLateLikes = create<{ late: Late }>(() => ({ late: read() }));

function keep(late: Late): void {
  localStorage.setItem(key(), JSON.stringify(late));
  useLateLikes.setState({ late });
}

async function tell(id: string, like: boolean): Promise<void> {
  const params = { params: { path: { content_id: id } } };
  if (like) await api.PUT("/api/v1/social/likes/{content_id}", params);
  else await api.DELETE("/api/v1/social/likes/{content_id}", params);
}

/** Likes a work, or no longer; without the network that waits, and nobody is told of a failure. */
export async function setLike(id: string, like: boolean): Promise<void> {
  try {
    await tell(id, like);
    drop(id);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    keep({ ...read(), [id]: like });
  }
}

function drop(id: string): void {
  const { [id]: said, ...rest } = read();
  if (said === undefined) return;
  keep(rest);
  if (Object.keys(rest).length === 0) localStorage.removeItem(key());
}

let again: ReturnType<typeof setTimeout> | undefined;

async function tellAll(): Promise<void> {
  clearTimeout(again);
  const late = Object.entries(read());
  useLateLikes.setState({ late: Object.fromEntries(late) });
  if (session.get() === null || late.length === 0) return;
  for (const [id, like] of late) {
    try {
      await tell(id, like);
    } catch (error) {
      if (error instanceof NetworkError) {
        again = setTimeout(() => void tellAll(), AGAIN_MS);
        return;
      }
      // Refused for good: the work is gone, or no longer this person's to see.
    }
    // It may have been changed while it was told.
    if (read()[id] === like) drop(id);
    void queryClient.invalidateQueries({ queryKey: ["mark", id] });
  }
  void queryClient.invalidateQueries({ queryKey: ["likes"] });
}

addEventListener("online", () => void tellAll());
session.subscribe(() => void tellAll());
void tellAll();
