/** What this browser remembers of unfinished uploads, so that they can go on after the tab was closed (IndexedDB). */

export type Keepsake = {
  uploadId: string;
  /** Whose upload it is; browsers are shared. Earlier versions did not say. */
  owner?: string;
  name: string;
  size: number;
  fingerprint: string;
  folder: string | null;
  handle: FileSystemFileHandle | null;
};

const DATABASE = "antiphon";
const STORE = "uploads";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "uploadId" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("no database"));
  });
}

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  try {
    const database = await open();
    return await new Promise<T>((resolve, reject) => {
      const request = act(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error("refused"));
    }).finally(() => database.close());
  } catch {
    // Private windows may have no database: uploads still work, they only do not outlive the tab.
    return null;
  }
}

export const keepsakes = {
  all: async (): Promise<Keepsake[]> =>
    (await run("readonly", (store) => store.getAll() as IDBRequest<Keepsake[]>)) ?? [],
  put: async (keepsake: Keepsake): Promise<void> => {
    const kept = await run("readwrite", (store) => store.put(keepsake));
    // Some browsers cannot store handles; the fingerprint alone still finds the file when it is dropped again.
    if (kept === null && keepsake.handle) await run("readwrite", (store) => store.put({ ...keepsake, handle: null }));
  },
  remove: async (uploadId: string): Promise<void> => {
    await run("readwrite", (store) => store.delete(uploadId));
  },
};

type WithPermission = FileSystemFileHandle & {
  queryPermission?: (options: { mode: "read" }) => Promise<PermissionState>;
  requestPermission?: (options: { mode: "read" }) => Promise<PermissionState>;
};

/** The file behind a handle; asks for permission when called within a gesture. Null where it is denied or moved. */
export async function fileOf(keepsake: Keepsake, mayAsk: boolean): Promise<File | null> {
  const handle = keepsake.handle as WithPermission | null;
  if (!handle) return null;
  try {
    const allowed = await handle.queryPermission?.({ mode: "read" });
    if (allowed === "prompt" && (!mayAsk || (await handle.requestPermission?.({ mode: "read" })) !== "granted"))
      return null;
    if (allowed === "denied") return null;
    const file = await handle.getFile();
    return file.size === keepsake.size ? file : null;
  } catch {
    return null;
  }
}
