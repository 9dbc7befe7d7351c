/** The tracks that are kept on this device: what is known of them, and their bytes in pieces. IndexedDB. */
import { disk } from "@/shared/lib/disk";
import type { Kept } from "./rules";

const KEPT = "kept";
const PIECES = "pieces";

const within = disk("antiphon.offline", (database) => {
  database.createObjectStore(KEPT, { keyPath: ["owner", "trackId"] });
  database.createObjectStore(PIECES);
});

const piecesOf = (owner: string, trackId: string): IDBKeyRange =>
  IDBKeyRange.bound([owner, trackId, 0], [owner, trackId, Number.MAX_SAFE_INTEGER]);

export const vault = {
  /** Undefined where it is not kept, or where this browser keeps nothing at all. */
  find: async (owner: string, trackId: string): Promise<Kept | undefined> => {
    if (!("indexedDB" in globalThis)) return undefined;
    return within(
      [KEPT],
      "readonly",
      (at) => at.objectStore(KEPT).get([owner, trackId]) as IDBRequest<Kept | undefined>,
    );
  },

  all: (owner: string): Promise<Kept[]> =>
    within([KEPT], "readonly", (at) => at.objectStore(KEPT).getAll(IDBKeyRange.bound([owner], [owner, []]))),

  save: (kept: Kept): Promise<unknown> => within([KEPT], "readwrite", (at) => at.objectStore(KEPT).put(kept)),

  /** A piece and how far the track has come with it: both, or neither. */
  append: (kept: Kept, piece: Blob): Promise<unknown> =>
    within([KEPT, PIECES], "readwrite", (at) => {
      at.objectStore(PIECES).put(piece, [kept.owner, kept.trackId, kept.got - piece.size]);
      return at.objectStore(KEPT).put(kept);
    }),

  /** In the order in which they came; they stay on the disk until they are read. */
  pieces: (kept: Kept): Promise<Blob[]> =>
    within(
      [PIECES],
      "readonly",
      (at) => at.objectStore(PIECES).getAll(piecesOf(kept.owner, kept.trackId)) as IDBRequest<Blob[]>,
    ),

  count: (kept: Kept): Promise<number> =>
    within([PIECES], "readonly", (at) => at.objectStore(PIECES).count(piecesOf(kept.owner, kept.trackId))),

  dropBytes: (owner: string, trackId: string): Promise<unknown> =>
    within([PIECES], "readwrite", (at) => at.objectStore(PIECES).delete(piecesOf(owner, trackId))),

  forget: (owner: string, trackId: string): Promise<unknown> =>
    within([KEPT, PIECES], "readwrite", (at) => {
      at.objectStore(PIECES).delete(piecesOf(owner, trackId));
      return at.objectStore(KEPT).delete([owner, trackId]);
    }),
};
