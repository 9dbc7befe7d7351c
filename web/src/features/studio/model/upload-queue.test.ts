import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { session } from "@/shared/lib/session";
import { signedIn } from "@/testing/music";
import { track } from "@/testing/music";
import { comesTrue } from "@/testing/patience";
import { serve } from "@/testing/server";
import { addFiles, cancelUpload, pauseUpload, recallUploads, resumeUpload, uploadStore } from "./upload-queue";

type Reply = { status: number; headers: Record<string, string>; body: string };
type Stored = { name: string; length: number; received: number };

/** A tus server behind XMLHttpRequest that can lose its connection in the middle of a request. */
class TusServer {
  readonly uploads = new Map<string, Stored>();
  readonly seen: string[] = [];
  /** Bytes after which the next PATCH breaks off. */
  breakAfter: number | null = null;
  /** PATCH requests wait here until they are let go. */
  gate: Promise<void> = Promise.resolve();
  travelling = 0;
  most = 0;

  async answer(method: string, url: string, headers: Map<string, string>, body: Blob | null): Promise<Reply | null> {
    const id = url.split("/").pop() ?? "";
    const upload = this.uploads.get(id);
    this.seen.push(method);
    if (method === "POST") return this.create(headers);
    if (!upload) return { status: 404, headers: {}, body: "" };
    if (method === "DELETE") this.uploads.delete(id);
    if (method === "PATCH" && body) return this.receive(id, upload, body);
    return { status: method === "DELETE" ? 204 : 200, headers: { "Upload-Offset": String(upload.received) }, body: "" };
  }

  private create(headers: Map<string, string>): Reply {
    const [, encoded = ""] = (headers.get("Upload-Metadata") ?? "").split(",")[0]?.split(" ") ?? [];
    const name = atob(encoded);
    if (name.includes("refused")) {
      return { status: 415, headers: {}, body: JSON.stringify({ code: "unsupported_media_type", detail: "no" }) };
    }
    const id = `upl_${this.uploads.size + 1}`;
    this.uploads.set(id, { name, length: Number(headers.get("Upload-Length")), received: 0 });
    return { status: 201, headers: { Location: `/api/v1/uploads/${id}` }, body: "" };
  }

  private async receive(id: string, upload: Stored, body: Blob): Promise<Reply | null> {
    this.travelling += 1;
    this.most = Math.max(this.most, this.travelling);
    await this.gate;
    this.travelling -= 1;
    if (this.breakAfter !== null) {
      upload.received += this.breakAfter;
      this.breakAfter = null;
      return null;
    }
    upload.received += body.size;
    const headers: Record<string, string> = { "Upload-Offset": String(upload.received) };
    if (upload.received === upload.length) headers["Content-Location"] = `/api/v1/content/trk_${id}`;
    return { status: 204, headers, body: "" };
  }
}

let server: TusServer;

function connect(): void {
  vi.stubGlobal(
    "XMLHttpRequest",
    class {
      upload: { onprogress?: (event: { loaded: number }) => void } = {};
      onload?: () => void;
      onerror?: () => void;
      onabort?: () => void;
      status = 0;
      responseText = "";
      private answered: Record<string, string> = {};
      private readonly headers = new Map<string, string>();
      private method = "";
      private url = "";
      private gone = false;
      open(method: string, url: string) {
        [this.method, this.url] = [method, url];
      }
      setRequestHeader(name: string, value: string) {
        this.headers.set(name, value);
      }
      getResponseHeader(name: string) {
        return this.answered[name] ?? null;
      }
      abort() {
        this.gone = true;
        this.onabort?.();
      }
      async send(body: Blob | null) {
        const answer = await server.answer(this.method, this.url, this.headers, body);
        if (this.gone) return;
        if (answer === null) {
          this.onerror?.();
          return;
        }
        [this.status, this.answered, this.responseText] = [answer.status, answer.headers, answer.body];
        this.upload.onprogress?.({ loaded: body?.size ?? 0 });
        this.onload?.();
      }
    },
  );
}

const picked = (name: string, content = "sound") => ({ file: new File([content], name), folder: null, handle: null });
const destination = { artistId: "art_1", album: () => Promise.resolve(null) };
const states = () =>
  uploadStore.getState().items.map((item) => `${item.name} ${item.status} ${item.error?.code ?? ""}`.trim());
const keyOf = (name: string) => uploadStore.getState().items.find((item) => item.name === name)?.key ?? "";

beforeEach(() => {
  server = new TusServer();
  connect();
  serve({
    "GET /api/v1/uploads/quota": () => ({ body: { used_bytes: 0, limit_bytes: 1000, max_file_bytes: 100 } }),
    "GET /api/v1/uploads": () => ({ body: { items: [], next: null } }),
    "GET /api/v1/tracks/trk_upl_1": () => ({ body: track({ status: "ready" }) }),
  });
});

afterEach(() => {
  session.start(signedIn());
  session.end();
  vi.unstubAllGlobals();
});

test("refusals stay in their rows and hold nobody up", async () => {
  await addFiles(
    [
      picked("notes.txt"),
      picked("empty.flac", ""),
      picked("huge.wav", "x".repeat(101)),
      picked("refused.mp3"),
      picked("fine.flac"),
    ],
    destination,
  );
  await comesTrue(() => expect(states().at(-1)).toBe("fine.flac received"));
  expect(states().slice(0, 4)).toEqual([
    "notes.txt refused unsupported_media_type",
    "empty.flac refused empty_file",
    "huge.wav refused upload_too_large",
    "refused.mp3 refused unsupported_media_type",
  ]);
});

test("a lost connection costs nothing: the rest is sent from where the server stands", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 200 });
  server.breakAfter = 3;
  await addFiles([picked("song.flac", "0123456789")], destination);
  await comesTrue(() => expect(states()).toEqual(["song.flac received"]));
  vi.useRealTimers();
  expect(server.uploads.get("upl_1")).toMatchObject({ received: 10, length: 10 });
  expect(server.seen).toEqual(["POST", "HEAD", "PATCH", "HEAD", "PATCH"]);
});

test("at most three travel at once", async () => {
  let open = (): void => undefined;
  server.gate = new Promise((resolve) => (open = resolve));
  await addFiles(
    ["a", "b", "c", "d", "e"].map((name) => picked(`${name}.flac`)),
    destination,
  );
  await comesTrue(() => expect(server.travelling).toBe(3));
  expect(states().filter((state) => state.endsWith("waiting"))).toHaveLength(2);
  open();
  await comesTrue(() => expect(states().every((state) => state.endsWith("received"))).toBe(true));
  expect(server.most).toBe(3);
});

test("a paused upload goes on, a cancelled one is taken back", async () => {
  let open = (): void => undefined;
  server.gate = new Promise((resolve) => (open = resolve));
  await addFiles([picked("keep.flac"), picked("drop.flac")], destination);
  await comesTrue(() => expect(server.travelling).toBe(2));
  pauseUpload(keyOf("keep.flac"));
  cancelUpload(keyOf("drop.flac"));
  expect(states()).toEqual(["keep.flac paused"]);
  await comesTrue(() => expect([...server.uploads.values()].map((one) => one.name)).toEqual(["keep.flac"]));
  server.gate = Promise.resolve();
  open();
  resumeUpload(keyOf("keep.flac"));
  await comesTrue(() => expect(states()).toEqual(["keep.flac received"]));
});

test("what does not fit into the storage is said before anything is sent", async () => {
  serve({ "GET /api/v1/uploads/quota": () => ({ body: { used_bytes: 990, limit_bytes: 1000, max_file_bytes: 100 } }) });
  await addFiles([picked("six.flac", "123456"), picked("more.flac", "123456")], destination);
  await comesTrue(() => expect(states()).toEqual(["six.flac received", "more.flac refused quota_exceeded"]));
  expect(server.uploads.size).toBe(1);
});

test("an upload of an earlier visit asks for its file where the browser cannot open it by itself", async () => {
  const upload = {
    id: "upl_9",
    filename: "old.flac",
    artist_id: "art_1",
    album_id: null,
    offset: 2,
    length: 5,
    content_id: null,
  };
  serve({
    "GET /api/v1/uploads": () => ({ body: { items: [{ ...upload, expires_at: "", created_at: "" }], next: null } }),
  });
  await recallUploads();
  expect(states()).toEqual(["old.flac lost"]);
});
