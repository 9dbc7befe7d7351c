/** How a track is heard: from this device where it is kept, else from the server. */
import { loadStream } from "@/player/api";
import { PassingFailure } from "@/player/engine/network";
import { isHere, onShelf } from "@/player/engine/shelf";
import { isLocal, localStream } from "@/player/local";
import type { StreamDescription } from "@/player/types";
import { session } from "@/shared/lib/session";
import { type Kept, lapsed } from "./rules";
import { vault } from "./vault";

/** The time is over for which it was lent, and there is no network to ask again. */
export class LicenceExpired extends Error {
  readonly code = "licence_expired";
}

export async function loadHereOrThere(trackId: string): Promise<StreamDescription> {
  if (isLocal(trackId)) return localStream(trackId);
  const owner = session.get()?.userId;
  // A storage that fails must not keep anybody from the server.
  const kept = owner ? await vault.find(owner, trackId).catch(() => undefined) : undefined;
  if (kept?.state !== "ready") return loadStream(trackId);
  if (!lapsed(kept, Date.now())) return opened(kept);
  try {
    return await loadStream(trackId);
  } catch (error) {
    if (error instanceof PassingFailure) throw new LicenceExpired();
    throw error;
  }
}

async function opened(kept: Kept): Promise<StreamDescription> {
  const { description, trackId } = kept;
  const rendition = description?.progressive[0];
  if (!description || !rendition) return loadStream(trackId);
  void vault.save({ ...kept, touchedAt: Date.now() }).catch(() => undefined);
  const url = isHere(rendition.url) ? rendition.url : onShelf(trackId, await vault.bytes(kept));
  return { ...description, progressive: [{ ...rendition, url, on_demand: false }], preview: null, complete: true };
}
