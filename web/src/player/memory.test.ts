/** What a version before 0.6 kept of the queue, and how it comes to the server. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { QueueCommand, QueueEntry } from "@/shared/api/types";
import { comesTrue } from "@/testing/patience";
import { Desk } from "./desk";
import { recall, recallSound } from "./memory";

const here = vi.hoisted(() => ({
  kept: new Map<string, unknown>(),
  entries: [] as QueueEntry[],
  told: [] as QueueCommand[],
}));

vi.mock("@/shared/lib/disk", () => ({
  disk: () => async (_stores: string[], _mode: string, work: (at: unknown) => { result: unknown }) => {
    const objectStore = (store: string) => ({
      get: (key: string) => ({ result: here.kept.get(`${store}/${key}`) }),
      put: (value: unknown, key: string) => ({ result: here.kept.set(`${store}/${key}`, structuredClone(value)) }),
      delete: (key: string) => ({ result: here.kept.delete(`${store}/${key}`) }),
    });
    return work({ objectStore }).result;
  },
}));
vi.mock("@/shared/lib/session", () => ({
  session: { get: () => ({ userId: "usr_1" }), subscribe: () => () => undefined },
}));
vi.mock("@/shared/api/socket", () => ({
  subscribe: (_topic: string, _hear: unknown, refetch: () => void) => {
    queueMicrotask(refetch);
    return () => undefined;
  },
}));
vi.mock("./sync/server", () => {
  const rest = { position_ms: 0, position_at: null, repeat: "off", shuffled: false, radio: false };
  const current = () => here.told.findLast((one) => one.kind === "jump")?.entry ?? null;
  const queueServer = {
    passes: () => false,
    fetch: async () => ({
      revision: 7 + here.told.length,
      head: { ...rest, current: current() },
      entries: [...here.entries],
      tracks: [],
      changed_by: "",
      changed_at: null,
    }),
    since: async () => ({ revision: 7, reset: false, events: [], order: null, tracks: [], refused: [] }),
    // Has to be asked afresh after everything that it is told.
    tell: async (_revision: number, commands: QueueCommand[]) => {
      here.told.push(...commands);
      for (const one of commands) if (one.kind === "add") here.entries.push(...(one.entries as QueueEntry[]));
      return { revision: 7 + here.told.length, reset: true, events: [], order: null, tracks: [], refused: [] };
    },
  };
  return { queueServer };
});

const item = (key: string, trackId: string) => ({
  key,
  trackId,
  title: trackId,
  artist: { id: "art_1", name: "Marrow" },
  album: null,
  cover: null,
  durationMs: 60_000,
});
const OLD = {
  queue: {
    items: [item("k1", "trk_1"), item("k2", "local:1"), item("k3", "trk_3")],
    index: 2,
    original: ["k3", "k2", "k1"],
    repeat: "all",
  },
  positionMs: 41_000,
  volume: 0.4,
  muted: true,
};
const KEY = "antiphon.player.queue";

beforeEach(() => {
  localStorage.clear();
  here.kept.clear();
  here.entries = [];
  here.told = [];
  localStorage.setItem(KEY, JSON.stringify(OLD));
});

describe("an old queue in localStorage", () => {
  it("becomes this person's, with its place and its sound, and is given up", async () => {
    const first = await recall("usr_1");
    expect(localStorage.getItem(KEY)).toBeNull();
    expect(first).toMatchObject({ positionMs: 41_000, revision: null, ours: true });
    expect(first.queue).toMatchObject({ repeat: "all", original: ["k3", "k2", "k1"] });
    expect(first.queue.items[first.queue.index]?.key).toBe("k3");
    expect(recallSound()).toEqual({ volume: 0.4, muted: true });
    expect(await recall("usr_1")).toEqual(first);
    expect((await recall("usr_2")).queue.items).toEqual([]);
  });

  it("is nobody's where it was empty or not to be understood", async () => {
    for (const old of ['{"queue":{"items":[]}}', '{"queue":{"items":"?"}}', "{"]) {
      localStorage.setItem(KEY, old);
      expect((await recall("usr_1")).queue.items).toEqual([]);
    }
  });

  it("is the queue on the server where there is none", async () => {
    await Desk.opened();
    await comesTrue(() => expect(here.told.map(({ kind }) => kind)).toEqual(["replace", "shuffle", "repeat"]));
    const entries = ["trk_1", "trk_3"].map((content_id, at) => ({ id: ["k1", "k3"][at], content_id }));
    expect(here.told[0]).toMatchObject({ entries, current: "k3", position_ms: 41_000 });
    expect(here.told[2]).toMatchObject({ mode: "all" });
  });

  it("stands behind the queue that the server has, and goes on where it was", async () => {
    here.entries = [{ id: "e1", content_id: "trk_9" }];
    const desk = await Desk.opened();
    await comesTrue(() => expect(here.told.map(({ kind }) => kind)).toEqual(["add", "jump"]));
    expect(here.told[0]).toMatchObject({ place: "end" });
    expect(here.told[1]).toMatchObject({ entry: "k3", position_ms: 41_000 });
    await comesTrue(() => expect(desk.state.items.map(({ key }) => key)).toEqual(["e1", "k1", "k3"]));
    expect(desk.current?.key).toBe("k3");
    // Another device may be told where to go on as soon as the server knows the queue, and this one turn to where it is told.
    expect(desk.placeAt(41_000.4)).toEqual({ entry: "k3", position_ms: 41_000 });
    const told = here.told.length;
    expect([desk.turnTo("e1"), desk.turnTo("e9"), desk.current?.key, here.told.length]).toEqual([
      true,
      false,
      "e1",
      told,
    ]);
    desk.remove("k1");
    expect(desk.placeAt(0)).toBeNull();
  });
});
