/**
 * The queue of uploads. Lives outside the pages, so that it goes on while one navigates. At most three files travel at
 * once; what fails for good stays in its row with the reason and never holds up the others.
 */
import { create } from "zustand";
import { api, data } from "@/shared/api/client";
import { ApiError, NetworkError } from "@/shared/api/errors";
import type { Upload } from "@/shared/api/types";
import { session } from "@/shared/lib/session";
import { type ContentProgress, watchContent } from "@/shared/realtime/content-progress";
import { type PickedFile, fingerprint, isPlainlyNotAudio } from "./files";
import { type Keepsake, fileOf, keepsakes } from "./keepsakes";
import { Speedometer } from "./speed";
import {
  UploadGone,
  UploadInterrupted,
  UploadRefused,
  type UploadTarget,
  createUpload,
  sendUpload,
  terminateUpload,
  uploadUrl,
} from "./tus";
import { newUuid } from "@/shared/lib/uuid";

export type UploadStatus = "waiting" | "sending" | "paused" | "lost" | "refused" | "received";

export type UploadItem = {
  key: string;
  name: string;
  size: number;
  folder: string | null;
  artistId: string;
  status: UploadStatus;
  sentBytes: number;
  bytesPerSecond: number;
  /** While the connection is being sought again. */
  reconnecting: boolean;
  error: { code: string; detail: string } | null;
  contentId: string | null;
  progress: ContentProgress | null;
};

/** What is sent with a file: the album may have to be made first, once for all files of a folder. */
export type Destination = { artistId: string; album: () => Promise<string | null> };

type Work = {
  file: File | null;
  handle: FileSystemFileHandle | null;
  destination: Destination;
  uploadId: string | null;
  fingerprint: string | null;
  abort: AbortController | null;
  speed: Speedometer;
  /** From when this tab has taken the upload, so that no other one sends it too. */
  letGo: (() => void) | null;
};

const AT_ONCE = 3;
const FIRST_RETRY_MS = 800;
const LAST_RETRY_MS = 15_000;
const SHOW_EVERY_MS = 200;
const LOCK = "antiphon.upload.";

export const uploadStore = create<{ items: UploadItem[] }>(() => ({ items: [] }));
const works = new Map<string, Work>();
/** Uploads that the server makes now: they are its already, and nobody here knows their names yet. */
const creating = new Set<Promise<string>>();

const itemOf = (key: string): UploadItem | undefined => uploadStore.getState().items.find((item) => item.key === key);

function update(key: string, change: Partial<UploadItem>): void {
  uploadStore.setState(({ items }) => ({
    items: items.map((item) => (item.key === key ? { ...item, ...change } : item)),
  }));
}

/** Puts files into the queue. A file that belongs to an unfinished upload continues that one. */
export async function addFiles(files: readonly PickedFile[], destination: Destination): Promise<void> {
  const owner = whoever();
  // What broke off has to be known before it can be gone on with.
  await recalling?.catch(() => undefined);
  const room = await roomLeft();
  let planned = 0;
  for (const picked of files) {
    const continued = await continueLost(picked);
    if (whoever() !== owner) return;
    if (continued) continue;
    const { file } = picked;
    const refused = refusalBeforehand(file, room, planned);
    if (!refused) planned += file.size;
    add(picked, destination, refused);
  }
  schedule();
}

function add(picked: PickedFile, destination: Destination, refused: string | null): void {
  const key = newUuid();
  works.set(key, {
    file: picked.file,
    handle: picked.handle,
    destination,
    uploadId: null,
    fingerprint: null,
    abort: null,
    speed: new Speedometer(),
    letGo: null,
  });
  const item: UploadItem = {
    ...fresh(key, picked.file.name, picked.file.size, picked.folder, destination.artistId),
    status: refused ? "refused" : "waiting",
    error: refused ? { code: refused, detail: "" } : null,
  };
  uploadStore.setState(({ items }) => ({ items: [...items, item] }));
}

function fresh(key: string, name: string, size: number, folder: string | null, artistId: string): UploadItem {
  return {
    key,
    name,
    size,
    folder,
    artistId,
    status: "waiting",
    sentBytes: 0,
    bytesPerSecond: 0,
    reconnecting: false,
    error: null,
    contentId: null,
    progress: null,
  };
}

type Room = { bytes: number; perFile: number };

async function roomLeft(): Promise<Room> {
  try {
    const quota = await data(api.GET("/api/v1/uploads/quota"));
    const underway = uploadStore
      .getState()
      .items.filter((item) => item.status !== "refused" && item.status !== "received");
    const reserved = underway.reduce((sum, item) => sum + item.size, 0);
    return { bytes: quota.limit_bytes - quota.used_bytes - reserved, perFile: quota.max_file_bytes };
  } catch {
    // Without an answer the server decides when the upload is made.
    return { bytes: Number.POSITIVE_INFINITY, perFile: Number.POSITIVE_INFINITY };
  }
}

function refusalBeforehand(file: File, room: Room, planned: number): string | null {
  if (isPlainlyNotAudio(file.name)) return "unsupported_media_type";
  if (file.size === 0) return "empty_file";
  if (file.size > room.perFile) return "upload_too_large";
  return planned + file.size > room.bytes ? "quota_exceeded" : null;
}

/** Whether the file is one whose upload broke off in an earlier visit; if so it goes on. */
async function continueLost(picked: PickedFile): Promise<boolean> {
  const { name, size } = picked.file;
  const lost = uploadStore
    .getState()
    .items.find((item) => item.status === "lost" && item.name === name && item.size === size);
  const work = lost && works.get(lost.key);
  if (!lost || !work || work.fingerprint !== (await fingerprint(picked.file))) return false;
  work.file = picked.file;
  update(lost.key, { status: "waiting" });
  return true;
}

function schedule(): void {
  const { items } = uploadStore.getState();
  let free = AT_ONCE - items.filter((item) => item.status === "sending").length;
  for (const item of items) {
    if (free <= 0) return;
    if (item.status !== "waiting") continue;
    free -= 1;
    void send(item.key);
  }
}

async function send(key: string): Promise<void> {
  const work = works.get(key);
  if (!work?.file) return;
  work.abort = new AbortController();
  const { signal } = work.abort;
  work.speed = new Speedometer();
  update(key, { status: "sending", error: null });
  for (let attempt = 0; ; attempt += 1) {
    try {
      const contentId = await attemptToSend(key, work, work.file, signal);
      if (work.uploadId) void keepsakes.remove(work.uploadId);
      work.letGo?.();
      update(key, { status: "received", sentBytes: work.file.size, reconnecting: false, contentId });
      follow(key, contentId);
      break;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof UploadGone) {
        forgetUpload(work);
        if (attempt < 3) continue;
      }
      if (!isPassing(error)) {
        if (work.uploadId) forgetUpload(work);
        update(key, { status: "refused", reconnecting: false, error: asProblem(error) });
        break;
      }
      update(key, { reconnecting: true, bytesPerSecond: 0 });
      await retryPause(attempt, signal);
      if (signal.aborted) return;
    }
  }
  schedule();
}

async function attemptToSend(key: string, work: Work, file: File, signal: AbortSignal): Promise<string> {
  const owner = whoever();
  if (work.uploadId === null) {
    work.fingerprint ??= await fingerprint(file);
    const albumId = await work.destination.album();
    work.uploadId = await created(file, { artistId: work.destination.artistId, albumId }, signal);
    const { folder = null } = itemOf(key) ?? {};
    const keepsake = {
      uploadId: work.uploadId,
      owner,
      name: file.name,
      size: file.size,
      fingerprint: work.fingerprint,
      folder,
      handle: work.handle,
    };
    await Promise.all([hold(work, signal), keepsakes.put(keepsake)]);
  }
  await hold(work, signal);
  let shownAt = 0;
  return sendUpload(uploadUrl(work.uploadId), file, signal, (sentBytes) => {
    const now = performance.now();
    if (now - shownAt < SHOW_EVERY_MS && sentBytes < file.size) return;
    shownAt = now;
    work.speed.mark(sentBytes);
    update(key, { sentBytes, bytesPerSecond: work.speed.perSecond, reconnecting: false });
  });
}

/** Answers the name of the new upload. */
async function created(file: File, target: UploadTarget, signal: AbortSignal): Promise<string> {
  const making = createUpload(file, target, signal);
  creating.add(making);
  try {
    return (await making).split("/").pop() ?? "";
  } finally {
    creating.delete(making);
  }
}

/** When no other tab has it in hand. It is this one's until it is let go, or the tab is closed. */
function hold(work: Work, signal: AbortSignal): Promise<void> {
  if (work.letGo !== null || work.uploadId === null || !("locks" in navigator)) return Promise.resolve();
  const name = LOCK + work.uploadId;
  return new Promise((resolve, reject) => {
    const held = (): Promise<void> =>
      new Promise((done) => {
        work.letGo = () => {
          work.letGo = null;
          done();
        };
        resolve();
      });
    navigator.locks.request(name, { signal }, held).catch(reject);
  });
}

/** Uploads that some tab of this browser has in hand. */
async function inHand(): Promise<Set<string>> {
  if (!("locks" in navigator)) return new Set();
  const { held = [] } = await navigator.locks.query();
  return new Set(held.map(({ name = "" }) => name.replace(LOCK, "")));
}

function forgetUpload(work: Work): void {
  if (work.uploadId) void keepsakes.remove(work.uploadId);
  work.letGo?.();
  work.uploadId = null;
}

const isPassing = (error: unknown): boolean =>
  error instanceof UploadInterrupted ||
  error instanceof NetworkError ||
  (error instanceof ApiError && error.status >= 500);

function asProblem(error: unknown): { code: string; detail: string } {
  if (error instanceof UploadRefused || error instanceof ApiError) return { code: error.code, detail: error.detail };
  return { code: "unreadable_file", detail: error instanceof Error ? error.message : "" };
}

function retryPause(attempt: number, signal: AbortSignal): Promise<void> {
  const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt) * (0.75 + Math.random() * 0.5);
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, wait);
    window.addEventListener("online", done);
    signal.addEventListener("abort", done);
  });
}

function follow(key: string, contentId: string): void {
  watchContent(contentId, (progress) => update(key, { progress }));
}

export function pauseUpload(key: string): void {
  works.get(key)?.abort?.abort();
  update(key, { status: "paused", bytesPerSecond: 0, reconnecting: false });
  schedule();
}

/** Goes on with a paused upload, or tries a refused one again. */
export function resumeUpload(key: string): void {
  if (!works.get(key)?.file) return;
  update(key, { status: "waiting", error: null });
  schedule();
}

/** Takes an upload back: what the server holds of it is thrown away. */
export function cancelUpload(key: string): void {
  const work = works.get(key);
  work?.abort?.abort();
  if (work?.uploadId && itemOf(key)?.status !== "received") {
    void terminateUpload(uploadUrl(work.uploadId)).catch(() => undefined);
    void keepsakes.remove(work.uploadId);
  }
  work?.letGo?.();
  works.delete(key);
  uploadStore.setState(({ items }) => ({ items: items.filter((item) => item.key !== key) }));
  schedule();
}

export function pauseAll(): void {
  for (const item of uploadStore.getState().items) {
    if (item.status === "sending" || item.status === "waiting") pauseUpload(item.key);
  }
}

export function resumeAll(): void {
  for (const item of uploadStore.getState().items) if (item.status === "paused") resumeUpload(item.key);
}

/** Takes finished and refused rows out of sight. */
export function clearSettled(): void {
  const settled = (item: UploadItem): boolean =>
    item.status === "refused" ||
    (item.status === "received" && item.progress?.status !== "processing" && item.progress !== null);
  for (const item of uploadStore.getState().items) if (settled(item)) works.delete(item.key);
  uploadStore.setState(({ items }) => ({ items: items.filter((item) => !settled(item)) }));
}

let recalling: Promise<void> | null = null;

/** Shows uploads that broke off in an earlier visit; those whose file can be opened again go on by themselves. */
export function recallUploads(): Promise<void> {
  if (recalling) return recalling;
  const turn = recall(whoever());
  recalling = turn;
  turn.catch(() => {
    // It is asked for again with the next look at the page.
    if (recalling === turn) recalling = null;
  });
  return turn;
}

async function recall(owner: string): Promise<void> {
  // In this order: what is kept of an upload is kept after it was made, and so is in the list unless it is over.
  const kept = await keepsakes.all();
  const { items: unfinished } = await data(api.GET("/api/v1/uploads"));
  await Promise.allSettled(creating);
  const underway = await inHand();
  if (whoever() !== owner) return;
  for (const { uploadId } of works.values()) if (uploadId !== null) underway.add(uploadId);
  // What another person has left in this browser is for them to go on with.
  const own = kept.filter((keepsake) => (keepsake.owner ?? owner) === owner);
  const known = new Map(own.map((keepsake) => [keepsake.uploadId, keepsake]));
  for (const upload of unfinished) {
    const keepsake = known.get(upload.id) ?? null;
    known.delete(upload.id);
    if (underway.has(upload.id)) continue;
    const file = keepsake && (await sameFile(keepsake));
    if (whoever() !== owner) return;
    recallOne(upload, keepsake, file);
  }
  for (const [uploadId] of known) if (!underway.has(uploadId)) await keepsakes.remove(uploadId);
  schedule();
}

/** Null where it cannot be opened unasked, or has been changed since: the rest of it would not belong to what was sent. */
async function sameFile(keepsake: Keepsake): Promise<File | null> {
  const file = await fileOf(keepsake, false);
  return file && (await fingerprint(file)) === keepsake.fingerprint ? file : null;
}

function recallOne(upload: Upload, keepsake: Keepsake | null, file: File | null): void {
  const key = newUuid();
  works.set(key, {
    file,
    handle: keepsake?.handle ?? null,
    destination: { artistId: upload.artist_id, album: () => Promise.resolve(upload.album_id) },
    uploadId: upload.id,
    fingerprint: keepsake?.fingerprint ?? null,
    abort: null,
    speed: new Speedometer(),
    letGo: null,
  });
  const item: UploadItem = {
    ...fresh(key, upload.filename, upload.length, keepsake?.folder ?? null, upload.artist_id),
    sentBytes: upload.offset,
    status: file ? "waiting" : "lost",
  };
  uploadStore.setState(({ items }) => ({ items: [...items, item] }));
}

/** Opens the file of a broken-off upload by its handle; to be called within a gesture. False: it has to be dropped again. */
export async function reopenLost(key: string): Promise<boolean> {
  const work = works.get(key);
  if (!work?.handle || !work.uploadId) return false;
  const item = itemOf(key);
  if (!item) return false;
  const { uploadId, handle } = work;
  const keepsake = { ...item, uploadId, owner: whoever(), fingerprint: work.fingerprint ?? "", handle };
  const file = await fileOf(keepsake, true);
  if (!file || (await fingerprint(file)) !== work.fingerprint) return false;
  work.file = file;
  resumeUpload(key);
  return true;
}

export const hasHandle = (key: string): boolean => works.get(key)?.handle != null;

/** Whether closing the tab now would break something off. */
export const isSending = (): boolean =>
  uploadStore.getState().items.some((item) => item.status === "sending" || item.status === "waiting");

/** Whose uploads these are. */
function whoever(): string {
  return session.get()?.userId ?? "";
}

// Another person's session has nothing to do with these files.
session.subscribe((current, before) => {
  if (current?.userId === before?.userId) return;
  for (const work of works.values()) {
    work.abort?.abort();
    work.letGo?.();
  }
  works.clear();
  recalling = null;
  uploadStore.setState({ items: [] });
});
