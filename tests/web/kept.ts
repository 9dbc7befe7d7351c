/** The engine as in the other tests, with what keeps tracks on the device. */
import { loadHereOrThere } from "@/player/offline/here";
import { downloads, type DownloadsState, useDownloads } from "@/player/offline/store";
import { session } from "@/shared/lib/session";

export { Engine } from "@/player/engine/engine";

/** Brings the tracks onto this device; answers what the engine is to be told of them then. */
export async function keep(ids: readonly string[]): Promise<object> {
  session.start({ user: { id: "olive" }, expires_in: 3600 });
  const item = { title: "", artist: { id: "", name: "" }, album: null, cover: null, durationMs: null };
  const items = ids.map((trackId) => ({ ...item, key: trackId, trackId }));
  await downloads.keep(items, null);
  await new Promise<void>((resolve) => {
    const look = ({ kept }: DownloadsState) => ids.every((id) => kept?.get(id)?.state === "ready") && resolve();
    useDownloads.subscribe(look);
    look(useDownloads.getState());
  });
  return Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await loadHereOrThere(id)])));
}
