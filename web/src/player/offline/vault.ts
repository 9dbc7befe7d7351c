/** The tracks that are kept on this device: what is known of them, and their bytes in pieces. IndexedDB. */
import type { Kept } from "./rules";

const NAME = "antiphon.offline";
const KEPT = "kept";
const PIECES = "pieces";

let opening: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(KEPT, { keyPath: ["owner", "trackId"] });
      asked.result.createObjectStore(PIECES);
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("no storage"));
  }).catch((error: unknown) => {
    opening = null;
    throw error;
  });
  return opening;
}

async function within<T>(
  stores: string[],
  mode: IDBTransactionMode,
  work: (at: IDBTransaction) => IDBRequest<T>,
): Promise<T> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, mode);
    const asked = work(transaction);
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = () => reject(transaction.error ?? new Error("the storage refused"));
  });
}

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

  /** All pieces as one; they stay on the disk until they are read. */
  bytes: async (kept: Kept): Promise<Blob> => {
    const range = piecesOf(kept.owner, kept.trackId);
    const pieces = await within(
      [PIECES],
      "readonly",
      (at) => at.objectStore(PIECES).getAll(range) as IDBRequest<Blob[]>,
    );
    return new Blob(pieces, { type: kept.description?.progressive[0]?.mime ?? "" });
  },

  dropBytes: (owner: string, trackId: string): Promise<unknown> =>
    within([PIECES], "readwrite", (at) => at.objectStore(PIECES).delete(piecesOf(owner, trackId))),

  forget: (owner: string, trackId: string): Promise<unknown> =>
    within([KEPT, PIECES], "readwrite", (at) => {
      at.objectStore(PIECES).delete(piecesOf(owner, trackId));
      return at.objectStore(KEPT).delete([owner, trackId]);
    }),
};
