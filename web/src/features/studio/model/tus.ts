/** A small client of tus 1.0 (https://tus.io/protocols/resumable-upload): create, resume, send, terminate. */
import { freshSession, sessionHeaders } from "@/shared/api/client";

const UPLOADS = "/api/v1/uploads";
const VERSION = "1.0.0";
/** A lost connection costs at most one piece where the server keeps no part of a broken request. */
const PIECE_BYTES = 16 * 1024 * 1024;

/** A refusal that another try would not change. */
export class UploadRefused extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly status: number,
  ) {
    super(detail || code);
  }
}

/** Lost connection, busy server: the same again later. */
export class UploadInterrupted extends Error {}

/** The server no longer knows the upload: it has expired or was ended elsewhere. */
export class UploadGone extends Error {}

export type UploadTarget = { artistId: string; albumId: string | null };

type Answer = { status: number; header: (name: string) => string | null; body: string };
type RequestOptions = {
  method: "POST" | "HEAD" | "PATCH" | "DELETE";
  url: string;
  headers: Record<string, string>;
  body?: Blob;
  signal: AbortSignal;
  onSent?: (bytes: number) => void;
};

/** Makes an upload and answers its address. */
export async function createUpload(file: File, target: UploadTarget, signal: AbortSignal): Promise<string> {
  const metadata: Record<string, string> = { filename: file.name, artist_id: target.artistId };
  if (target.albumId) metadata.album_id = target.albumId;
  const answer = await request({
    method: "POST",
    url: UPLOADS,
    headers: { "Upload-Length": String(file.size), "Upload-Metadata": encodeMetadata(metadata) },
    signal,
  });
  const location = answer.header("Location");
  if (answer.status !== 201 || !location) throw refusal(answer);
  return new URL(location, window.location.href).pathname;
}

/** Sends what is missing and answers the id of the content that came of it. */
export async function sendUpload(
  url: string,
  file: Blob,
  signal: AbortSignal,
  onProgress: (sentBytes: number) => void,
): Promise<string> {
  const state = await request({ method: "HEAD", url, headers: {}, signal });
  if (state.status === 404 || state.status === 410) throw new UploadGone();
  if (state.status >= 400) throw refusal(state);
  const made = contentId(state);
  if (made) return made;
  let offset = Number(state.header("Upload-Offset") ?? Number.NaN);
  if (!Number.isInteger(offset) || offset > file.size) throw new UploadGone();
  onProgress(offset);
  for (;;) {
    const from = offset;
    const answer = await request({
      method: "PATCH",
      url,
      headers: { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(from) },
      body: file.slice(from, from + PIECE_BYTES),
      signal,
      onSent: (bytes) => onProgress(from + bytes),
    });
    if (answer.status === 404 || answer.status === 410) throw new UploadGone();
    // Another request moved the offset, or still holds the upload: ask anew where it stands.
    if (answer.status === 409 || answer.status === 423) throw new UploadInterrupted();
    if (answer.status !== 204) throw refusal(answer);
    offset = Number(answer.header("Upload-Offset") ?? from + PIECE_BYTES);
    onProgress(Math.min(offset, file.size));
    const content = contentId(answer);
    if (content) return content;
    if (offset >= file.size || offset <= from) throw new UploadInterrupted();
  }
}

/** Ends an upload; one that is gone already is fine. */
export async function terminateUpload(url: string): Promise<void> {
  await request({ method: "DELETE", url, headers: {}, signal: new AbortController().signal });
}

export function uploadUrl(id: string): string {
  return `${UPLOADS}/${id}`;
}

export function encodeMetadata(metadata: Record<string, string>): string {
  return Object.entries(metadata)
    .map(([key, value]) => {
      const bytes = new TextEncoder().encode(value);
      return `${key} ${btoa(String.fromCodePoint(...bytes))}`;
    })
    .join(",");
}

function contentId(answer: Answer): string | null {
  return /\/content\/([^/?#]+)$/.exec(answer.header("Content-Location") ?? "")?.[1] ?? null;
}

function refusal(answer: Answer): Error {
  if (answer.status === 0 || answer.status === 408 || answer.status === 429 || answer.status >= 500) {
    return new UploadInterrupted();
  }
  let problem: { code?: string; detail?: string; title?: string } = {};
  try {
    problem = JSON.parse(answer.body) as typeof problem;
  } catch {
    // A proxy's own page; its status has to do.
  }
  return new UploadRefused(problem.code ?? "unknown", problem.detail ?? problem.title ?? "", answer.status);
}

/** XMLHttpRequest, because `fetch` does not tell how much has been sent. */
async function request(options: RequestOptions): Promise<Answer> {
  const current = await freshSession().catch(() => {
    throw new UploadInterrupted();
  });
  return new Promise((resolve, reject) => {
    const { signal } = options;
    if (signal.aborted) {
      reject(new DOMException("aborted", "AbortError"));
      return;
    }
    const xhr = new XMLHttpRequest();
    xhr.open(options.method, options.url);
    xhr.setRequestHeader("Tus-Resumable", VERSION);
    const headers = { ...options.headers, ...sessionHeaders(options.method, current) };
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    const abort = (): void => xhr.abort();
    signal.addEventListener("abort", abort);
    const settle = (act: () => void) => (): void => {
      signal.removeEventListener("abort", abort);
      act();
    };
    xhr.upload.onprogress = (event) => options.onSent?.(event.loaded);
    xhr.onload = settle(() =>
      resolve({ status: xhr.status, header: (name) => xhr.getResponseHeader(name), body: xhr.responseText }),
    );
    xhr.onerror = settle(() => reject(new UploadInterrupted()));
    xhr.onabort = settle(() => reject(new DOMException("aborted", "AbortError")));
    xhr.send(options.body ?? null);
  });
}
