/** Files and whole folders, as they are dropped or picked, with the folder each came from. */

export type PickedFile = {
  file: File;
  /** Name of the folder the file lay in; null for a single file. */
  folder: string | null;
  /** Where the browser lends one: opens the same file again after the tab was closed. */
  handle: FileSystemFileHandle | null;
};

/** What lies in folders beside the music and is no music: not worth sending. */
const NOT_AUDIO =
  /\.(jpe?g|png|gif|webp|bmp|tiff?|heic|svg|pdf|txt|md|nfo|rtf|docx?|xlsx?|csv|json|xml|html?|cue|log|m3u8?|pls|sfv|md5|zip|rar|7z|tar|gz|exe|dmg|mp4v|mkv|avi|mov|webm|url|lnk|ini|db)$/i;
const HIDDEN = /^(\.|Thumbs\.db$|desktop\.ini$)/i;
const COVER = /^(cover|folder|front|album|artwork)\.(jpe?g|png|webp)$/i;

export const isPlainlyNotAudio = (name: string): boolean => NOT_AUDIO.test(name);
export const isCover = (name: string): boolean => COVER.test(name);

type DropItem = DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> };

/** Must be called within the drop event: the browser takes the items back afterwards. */
export async function filesOfDrop(transfer: DataTransfer): Promise<PickedFile[]> {
  const items = [...transfer.items].filter((item) => item.kind === "file") as DropItem[];
  if (items.length === 0) return [...transfer.files].map((file) => ({ file, folder: null, handle: null }));
  const readers = items.map((item): Promise<PickedFile[]> => {
    const entry = item.webkitGetAsEntry();
    const file = item.getAsFile();
    if (item.getAsFileSystemHandle) {
      return item
        .getAsFileSystemHandle()
        .then((handle) => (handle ? fromHandle(handle, null) : []))
        .catch(() => (entry ? fromEntry(entry, null) : []));
    }
    if (entry) return fromEntry(entry, null);
    return Promise.resolve(file ? [{ file, folder: null, handle: null }] : []);
  });
  return inOrder((await Promise.all(readers)).flat());
}

export function filesOfInput(list: FileList | readonly File[]): PickedFile[] {
  const picked = [...list].map((file) => {
    const parts = file.webkitRelativePath.split("/");
    return { file, folder: parts.length > 1 ? (parts.at(-2) ?? null) : null, handle: null };
  });
  return inOrder(picked);
}

/** The picker that lends handles, where the browser has it; null where it has not or the person thought better of it. */
export async function pickWithHandles(): Promise<PickedFile[] | null> {
  const picker = (window as { showOpenFilePicker?: (options: object) => Promise<FileSystemFileHandle[]> })
    .showOpenFilePicker;
  if (!picker) return null;
  const handles = await picker({ multiple: true }).catch(() => []);
  const picked = handles.map(async (handle) => ({ file: await handle.getFile(), folder: null, handle }));
  return inOrder(await Promise.all(picked));
}

async function fromHandle(handle: FileSystemHandle, folder: string | null): Promise<PickedFile[]> {
  if (HIDDEN.test(handle.name)) return [];
  if (handle.kind === "file") {
    const fileHandle = handle as FileSystemFileHandle;
    return [{ file: await fileHandle.getFile(), folder, handle: fileHandle }];
  }
  const found: PickedFile[] = [];
  const directory = handle as FileSystemDirectoryHandle & { values(): AsyncIterable<FileSystemHandle> };
  for await (const child of directory.values()) found.push(...(await fromHandle(child, handle.name)));
  return found;
}

async function fromEntry(entry: FileSystemEntry, folder: string | null): Promise<PickedFile[]> {
  if (HIDDEN.test(entry.name)) return [];
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, folder, handle: null }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: PickedFile[] = [];
  for (;;) {
    // A reader gives at most a hundred entries at a time.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return found;
    for (const child of batch) found.push(...(await fromEntry(child, entry.name)));
  }
}

/** Folder by folder, and "2" before "10". */
function inOrder(files: PickedFile[]): PickedFile[] {
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;
  return files.sort((a, b) => compare(a.folder ?? "", b.folder ?? "") || compare(a.file.name, b.file.name));
}

const SAMPLE_BYTES = 256 * 1024;

/**
 * Tells files of the same name and size apart by the first, middle and last quarter megabyte. Two plain 32-bit
 * hashes: Web Crypto is missing on pages without TLS, and nobody is kept out by this number.
 */
export async function fingerprint(file: Blob): Promise<string> {
  const middle = Math.max(0, Math.floor(file.size / 2) - SAMPLE_BYTES / 2);
  const samples = new Blob([
    String(file.size),
    file.slice(0, SAMPLE_BYTES),
    file.slice(middle, middle + SAMPLE_BYTES),
    file.slice(Math.max(0, file.size - SAMPLE_BYTES)),
  ]);
  let one = 0x811c9dc5;
  let two = 0x1000193;
  for (const byte of new Uint8Array(await samples.arrayBuffer())) {
    one = Math.imul(one ^ byte, 0x01000193);
    two = Math.imul(two ^ byte, 0x85ebca6b) ^ (two >>> 13);
  }
  return [one, two].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
