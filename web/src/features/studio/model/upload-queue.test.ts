import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { session } from "@/shared/lib/session";
import { signedIn } from "@/testing/music";
import { track } from "@/testing/music";
import { comesTrue } from "@/testing/patience";
import { serve } from "@/testing/server";
import { fingerprint } from "./files";
import type { Keepsake } from "./keepsakes";
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

const unfinished = (id: string, name: string) => ({
  ...{ id, filename: name, artist_id: "art_1", album_id: null, offset: 2, length: 5, content_id: null },
  ...{ expires_at: "", created_at: "" },
});
const serveUnfinished = (...items: object[]) =>
  serve({ "GET /api/v1/uploads": () => ({ body: { items, next: null } }) });
const becomes = (id: string): void => session.start(signedIn({ user: { ...signedIn().user, id } }));

/** As much of IndexedDB as the keepsakes need; those that are kept there. */
function keep(...kept: Keepsake[]): Map<string, Keepsake> {
  const found = new Map(kept.map((one) => [one.uploadId, one]));
  const answer = <T>(result: T) => {
    const request = { result, onsuccess: () => undefined };
    queueMicrotask(() => request.onsuccess());
    return request;
  };
  const store = {
    getAll: () => answer([...found.values()]),
    put: (one: Keepsake) => answer(found.set(one.uploadId, one)),
    delete: (id: string) => answer(found.delete(id)),
  };
  const database = { transaction: () => ({ objectStore: () => store }), close: () => undefined };
  vi.stubGlobal("indexedDB", { open: () => answer(database) });
  return found;
}

const keepsake = async (uploadId: string, file: File, owner: string, then = file): Promise<Keepsake> => {
  const handle = { getFile: () => Promise.resolve(then) } as unknown as FileSystemFileHandle;
  const { name, size } = file;
  return { uploadId, owner, name, size, fingerprint: await fingerprint(file), folder: null, handle };
};

/** As much of the Web Locks as the queue needs; those in `elsewhere` are held by another tab. */
function lock(...elsewhere: string[]): { held: Set<string> } {
  const held = new Set(elsewhere);
  const request = async (name: string, _options: object, act: () => Promise<void>): Promise<void> => {
    held.add(name);
    await act().finally(() => held.delete(name));
  };
  const query = () => Promise.resolve({ held: [...held].map((name) => ({ name })) });
  vi.stubGlobal("navigator", Object.assign(Object.create(navigator) as Navigator, { locks: { request, query } }));
  return { held };
}

test("an upload of an earlier visit asks for its file where the browser cannot open it by itself", async () => {
  serveUnfinished(unfinished("upl_9", "old.flac"));
  await recallUploads();
  expect(states()).toEqual(["old.flac lost"]);
});

test("a list of uploads that could not be fetched is asked for again", async () => {
  serve({ "GET /api/v1/uploads": () => ({ status: 503 }) });
  await expect(recallUploads()).rejects.toThrow();
  serveUnfinished(unfinished("upl_9", "old.flac"));
  await Promise.all([recallUploads(), recallUploads()]);
  expect(states()).toEqual(["old.flac lost"]);
});

test("whoever comes next sees nothing of the uploads of who went, and leaves them what they need", async () => {
  const [hers, his] = [new File(["01234"], "hers.flac"), new File(["56789"], "his.flac")];
  const kept = keep(await keepsake("upl_1", hers, "usr_a"), await keepsake("upl_2", his, "usr_b"));
  becomes("usr_a");
  let answer = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (answer = resolve));
  const asked = vi.fn(async () => {
    await waiting;
    return { body: { items: [unfinished("upl_1", "hers.flac")], next: null } };
  });
  serve({ "GET /api/v1/uploads": asked });
  const recalling = recallUploads();
  await comesTrue(() => expect(asked).toHaveBeenCalled());
  // In another tab: this one hears of it all at once.
  becomes("usr_b");
  answer();
  await recalling;
  expect(states()).toEqual([]);
  serveUnfinished();
  await recallUploads();
  expect([...kept.keys()]).toEqual(["upl_1"]);
});

test("what is being sent stops when somebody else signs in", async () => {
  let open = (): void => undefined;
  server.gate = new Promise((resolve) => (open = resolve));
  becomes("usr_a");
  await addFiles([picked("hers.flac")], destination);
  await comesTrue(() => expect(server.travelling).toBe(1));
  becomes("usr_b");
  expect(states()).toEqual([]);
  open();
});

test("an upload goes on by itself with the file it was begun with, and not with another one", async () => {
  const [same, before, after] = ["same.flac", "edited.flac", "edited.flac"].map(
    (name, at) => new File([["01234", "abcde", "ABCDE"][at] ?? ""], name),
  ) as [File, File, File];
  becomes("usr_a");
  keep(await keepsake("upl_1", same, "usr_a"), await keepsake("upl_2", before, "usr_a", after));
  for (const id of ["upl_1", "upl_2"]) server.uploads.set(id, { name: "", length: 5, received: 2 });
  serveUnfinished(unfinished("upl_1", "same.flac"), unfinished("upl_2", "edited.flac"));
  await recallUploads();
  await comesTrue(() => expect(states()).toEqual(["same.flac received", "edited.flac lost"]));
  expect(server.uploads.get("upl_2")?.received).toBe(2);
});

test("what another tab sends is left to it", async () => {
  const { held } = lock("antiphon.upload.upl_7");
  const file = new File(["01234"], "there.flac");
  becomes("usr_a");
  const kept = keep(await keepsake("upl_7", file, "usr_a"));
  serveUnfinished(unfinished("upl_7", "there.flac"), unfinished("upl_8", "here.flac"));
  await recallUploads();
  expect(states()).toEqual(["here.flac lost"]);
  expect([...kept.keys()]).toEqual(["upl_7"]);
  let open = (): void => undefined;
  server.gate = new Promise((resolve) => (open = resolve));
  await addFiles([picked("new.flac")], destination);
  await comesTrue(() => expect(server.travelling).toBe(1));
  expect(held.size).toBe(2);
  open();
  await comesTrue(() => expect(states()).toEqual(["here.flac lost", "new.flac received"]));
  expect([...held]).toEqual(["antiphon.upload.upl_7"]);
});
