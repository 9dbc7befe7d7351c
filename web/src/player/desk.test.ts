import { beforeEach, describe, expect, it, vi } from "vitest";
import type { QueueCommand, QueueEvent, QueueHead, SavedQueue } from "@/shared/api/types";
import { session } from "@/shared/lib/session";
import { Desk } from "./desk";

/** A server whose queue is played by another device. */
const there = vi.hoisted(() => ({
  queue: null as unknown as SavedQueue,
  told: [] as QueueCommand[],
  hear: (_event: { event: string; data: unknown }) => undefined as void,
}));

vi.mock("@/shared/api/socket", () => ({
  subscribe: (_topic: string, hear: typeof there.hear, look: () => void) => {
    there.hear = hear;
    look();
    return () => undefined;
  },
}));
vi.mock("./sync/server", () => ({
  queueServer: {
    passes: () => false,
    fetch: async () => there.queue,
    since: async (revision: number) => ({ revision, reset: false, events: [], order: null, tracks: [], refused: [] }),
    tell: (_revision: number, commands: QueueCommand[]) => {
      there.told.push(...commands);
      return new Promise(() => undefined);
    },
  },
  tracksFrom: async () => ({ tracks: [], limit: 200, revision: 0 }),
}));

const HEAD: QueueHead = {
  current: "a",
  position_ms: 10_000,
  position_at: "2026-01-01T00:00:00Z",
  repeat: "off",
  shuffled: false,
  radio: false,
};
let now = 0;

/** What the other device says of itself. */
function says(positionMs: number, current = "a"): void {
  const { revision } = there.queue;
  const head = { ...HEAD, current, position_ms: positionMs, position_at: `2026-01-01T00:00:${String(revision + 10)}Z` };
  there.queue = { ...there.queue, revision: revision + 1, head };
  const event: Partial<QueueEvent> = { revision: revision + 1, command_id: `other-${revision}`, head };
  const plain = { removed: [], placed: [], cleared: false, reordered: false };
  there.hear({ event: "changed", data: { revision: revision + 1, events: [{ ...plain, ...event }] } });
}

async function opened(): Promise<Desk> {
  const desk = await Desk.opened();
  await vi.waitFor(() => expect(desk.current?.key).toBe("a"));
  return desk;
}

beforeEach(() => {
  now = 100_000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  localStorage.clear();
  session.start({ user: { id: "usr_1" }, csrf_token: "x", expires_in: 900 });
  there.told.length = 0;
  const entries = ["a", "b"].map((id) => ({ id, content_id: `trk_${id}` }));
  there.queue = { revision: 1, head: HEAD, entries, tracks: [], changed_by: "", changed_at: null };
});

describe("where the music of another device is", () => {
  it("is where it was sent, whatever that device had said before it heard of it", async () => {
    const desk = await opened();
    desk.sent(60_000);
    now += 200;
    says(12_000);
    expect(desk.headPositionMs(true)).toBe(60_200);
    desk.sent(120_000);
    says(60_100);
    expect(desk.headPositionMs(false)).toBe(120_000);
  });

  it("is what that device says once it is there, or where it says so later", async () => {
    const desk = await opened();
    desk.sent(60_000);
    says(60_050);
    expect(desk.headPositionMs(false)).toBe(60_050);
    desk.sent(90_000);
    now += 1_000;
    says(61_000);
    expect(desk.headPositionMs(false)).toBe(61_000);
  });

  it("is in another entry at once, however near the seek was", async () => {
    const desk = await opened();
    desk.sent(60_000);
    says(0, "b");
    expect(desk.current?.key).toBe("b");
    expect(desk.headPositionMs(false)).toBe(0);
  });
});

describe("for another device to go on from", () => {
  it("the place is told where the server knows the queue, and not before", async () => {
    const desk = await opened();
    expect(desk.placeAt(1234.6)).toEqual({ entry: "a", position_ms: 1235 });
    desk.tellPlace(2_000);
    expect(desk.placeAt(2_000)).toEqual({ entry: "a", position_ms: 2_000 });
    desk.remove("b");
    expect(desk.placeAt(2_000)).toBeNull();
  });

  it("it is turned to without a word of its own, and asked for where it is not known yet", async () => {
    const desk = await opened();
    expect(desk.turnTo("b")).toBe(true);
    expect(desk.current?.key).toBe("b");
    expect(there.told).toEqual([]);
    expect(desk.turnTo("c")).toBe(false);
    expect(desk.current?.key).toBe("b");
  });
});
