/** A database of this browser's (IndexedDB), opened when it is first asked for. */
type Within = <T>(
  stores: string[],
  mode: IDBTransactionMode,
  work: (at: IDBTransaction) => IDBRequest<T>,
) => Promise<T>;

/** This device has no room left, or this browser keeps nothing: in private windows, or because somebody wants it so. */
export class StorageRefused extends Error {
  constructor(readonly code: "device_full" | "device_closed") {
    super(code);
  }
}

const isFull = (error: unknown): boolean => error instanceof Error && error.name === "QuotaExceededError";

/** `make` makes its stores. What is answered rejects with StorageRefused where there is no place for anything. */
export function disk(name: string, make: (database: IDBDatabase) => void): Within {
  let opening: Promise<IDBDatabase> | null = null;
  const open = (): Promise<IDBDatabase> => {
    opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => make(asked.result);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error ?? new Error("no storage"));
    }).catch((error: unknown) => {
      opening = null;
      throw new StorageRefused(isFull(error) ? "device_full" : "device_closed");
    });
    return opening;
  };
  return async (stores, mode, work) => {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(stores, mode);
      const asked = work(transaction);
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () =>
        reject(
          isFull(transaction.error)
            ? new StorageRefused("device_full")
            : (transaction.error ?? new Error("the storage refused")),
        );
    });
  };
}
