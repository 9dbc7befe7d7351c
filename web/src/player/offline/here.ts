/** How a track is heard: from this device where it is kept, else from the server. */
import { loadStream } from "@/player/api";
import { PassingFailure } from "@/player/engine/network";
import { onShelf } from "@/player/engine/shelf";
import { isLocal, localStream } from "@/player/local";
import type { Rendition, StreamDescription } from "@/player/types";
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
  const blobs = await vault.pieces(kept);
  // A browser that wants room may have taken some of it.
  if (blobs.reduce((sum, blob) => sum + blob.size, 0) !== kept.got) return loadStream(trackId);
  void vault.save({ ...kept, touchedAt: Date.now() }).catch(() => undefined);
  const there = shelved(trackId, rendition, blobs);
  return { ...description, progressive: [{ ...there, on_demand: false }], preview: null, complete: true };
}

/** With addresses on this device. What plays piece by piece is kept so: the beginning, and then one behind the other. */
function shelved(trackId: string, rendition: Rendition, blobs: readonly Blob[]): Rendition {
  const { pieces } = rendition;
  if (!pieces) return { ...rendition, url: onShelf(trackId, new Blob([...blobs], { type: rendition.mime })) };
  const [beginning = new Blob(), ...rest] = blobs;
  rest.forEach((piece, number) => onShelf(`${trackId}/${number}`, piece));
  const initUrl = onShelf(trackId, beginning);
  const url = `${initUrl}/{n}`;
  return { ...rendition, url, pieces: { ...pieces, url, initUrl } };
}
