import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { QueueChanges, QueueCommand, QueueEntry, QueueEvent, QueueHead } from "@/shared/api/types";
import { type Copy, withChanges } from "./copy";
import { type Pending, QueueLink, type QueueServer } from "./link";

class Down extends Error {}
class Refused extends Error {}

const HEAD: QueueHead = {
  current: null,
  position_ms: 0,
  position_at: null,
  repeat: "off",
  shuffled: false,
  radio: false,
};

/** As much of a server as tells additions, removals, places and an order: events of each, and repeats are harmless. */
class House implements QueueServer {
  entries: QueueEntry[] = [];
  head = HEAD;
  readonly events: QueueEvent[] = [];
  readonly stamped: (string | null | undefined)[] = [];
  private readonly done = new Set<string>();

  get revision(): number {
    return this.events.length;
  }

  passes = (error: unknown): boolean => error instanceof Down;
  fetch = async () => ({
    revision: this.revision,
    head: this.head,
    entries: [...this.entries],
    tracks: [],
    changed_by: "",
    changed_at: null,
  });
  since = async (revision: number): Promise<QueueChanges> => {
    const events = this.events.slice(revision);
    const order = events.some(({ reordered }) => reordered) ? this.entries.map(({ id }) => id) : null;
    return { revision: this.revision, reset: false, events, order, tracks: [], refused: [] };
  };
  tell = async (revision: number, commands: QueueCommand[]): Promise<QueueChanges> => {
    for (const command of commands) if (!this.done.has(command.id)) this.do(command);
    return this.since(revision);
  };

  private do(command: QueueCommand): void {
    this.done.add(command.id);
    const event = { removed: [] as string[], placed: [] as QueueEvent["placed"], cleared: false, reordered: false };
    if (command.kind === "add") {
      const run = command.entries.map(({ id, content_id }) => ({ id: id ?? "", content_id }));
      event.placed = [{ after: this.entries.at(-1)?.id ?? null, entries: run }];
      this.entries.push(...run);
    } else if (command.kind === "remove") {
      event.removed = command.entries;
      this.entries = this.entries.filter(({ id }) => !command.entries.includes(id));
    } else if (command.kind === "clear") {
      event.cleared = true;
      this.entries = [];
    } else if (command.kind === "shuffle") {
      event.reordered = true;
      this.entries.reverse();
    } else if (command.kind === "jump") {
      this.stamped.push(command.at);
      this.head = { ...this.head, current: command.entry };
    }
    const facts = { revision: this.revision + 1, command_id: command.id, changed_by: "", at: "", head: this.head };
    this.events.push({ ...facts, ...event });
  }
}

/** A device with its line to the house, which can be cut: then nothing gets through, or only the answers are lost. */
class Device {
  line: "whole" | "cut" | "deaf" = "whole";
  shown: Copy | null = null;
  foreign = 0;
  untold: readonly Pending[] = [];
  readonly link: QueueLink;

  constructor(
    private readonly house: House,
    now: () => number = Date.now,
    pending: Pending[] = [],
  ) {
    const over = async <T>(work: () => Promise<T>): Promise<T> => {
      if (this.line === "cut") throw new Down();
      const answer = await work();
      if (this.line === "deaf") throw new Down();
      return answer;
    };
    const server: QueueServer = {
      passes: house.passes,
      fetch: () => over(house.fetch),
      since: (revision) => over(() => house.since(revision)),
      tell: (revision, commands) => over(() => house.tell(revision, commands)),
    };
    const ears = {
      shown: (copy: Copy, foreign: boolean) => {
        this.shown = copy;
        if (foreign) this.foreign += 1;
      },
      tracks: () => undefined,
      refused: () => undefined,
      untold: (pending: readonly Pending[]) => (this.untold = pending),
    };
    this.link = new QueueLink(server, ears, null, pending, now);
  }

  hear(): void {
    if (this.line !== "whole") return;
    const { revision, events } = this.house;
    this.link.hear({ revision, events: events.slice(-2) });
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
let n = 0;
const id = () => `id${(n += 1)}`;
const add = (entry: string): QueueCommand => ({ id: id(), kind: "add", entries: [{ id: entry, content_id: "trk" }] });

describe("a device and the queue on the server", () => {
  it("know the same in the end, whatever was done where and whatever got lost on the way", async () => {
    const step = fc.record({ who: fc.nat(1), what: fc.nat(8), line: fc.constantFrom("whole", "cut", "deaf") });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const house = new House();
        const devices = [new Device(house), new Device(house)] as const;
        const added: string[] = [];
        for (const { who, what, line } of steps) {
          const device = devices[who] as Device;
          if (what <= 2) {
            const entry = id();
            added.push(entry);
            device.link.tell(add(entry));
          } else if (what === 3) device.link.tell({ id: id(), kind: "remove", entries: [added[0] ?? "none"] });
          else if (what === 4) device.link.tell({ id: id(), kind: "shuffle", seed: 1 });
          else if (what === 5) device.link.tell({ id: id(), kind: "clear", keep_current: false });
          else if (what === 6) device.line = line as Device["line"];
          else if (what === 7) await settled();
          else device.hear();
        }
        for (const device of [...devices, ...devices]) {
          device.line = "whole";
          device.link.look();
          await settled();
        }
        for (const device of devices) {
          expect(device.untold).toEqual([]);
          expect(device.shown).toEqual({ revision: house.revision, head: house.head, entries: house.entries });
          device.link.end();
        }
        expect(house.events.filter(({ placed }) => placed.length > 0)).toHaveLength(added.length);
      }),
      { numRuns: 60 },
    );
  });

  it("tells when it happened what comes late, and leaves the time to the server otherwise", async () => {
    let now = Date.UTC(2026, 0, 1, 12);
    const house = new House();
    const device = new Device(house, () => now);
    device.link.tell({ id: id(), kind: "jump", entry: "a" });
    await settled();
    device.line = "cut";
    device.link.tell({ id: id(), kind: "jump", entry: "b" });
    await settled();
    now += 60_000;
    device.line = "whole";
    device.link.tryAgain();
    await settled();
    expect(house.stamped).toEqual([undefined, "2026-01-01T12:00:00.000Z"]);
    device.link.end();
  });

  it("goes on with what an earlier page could not tell, and knows its own from others' doing", async () => {
    const house = new House();
    const before = new Device(house);
    before.line = "cut";
    before.link.tell(add("a"));
    await settled();
    before.link.end();
    const after = new Device(house, Date.now, [...before.untold]);
    after.link.look();
    await settled();
    expect(house.entries.map((entry) => entry.id)).toEqual(["a"]);
    const told = after.foreign;
    after.link.tell(add("b"));
    await settled();
    expect(after.foreign).toBe(told);
    await house.tell(house.revision, [add("c")]);
    after.hear();
    expect(after.foreign).toBe(told + 1);
    expect(after.shown?.entries.map((entry) => entry.id)).toEqual(["a", "b", "c"]);
    after.link.end();
  });

  it("looks again where something may have been missed while it looked", async () => {
    const house = new House();
    let answer = (): void => undefined;
    const { fetch } = house;
    house.fetch = async () => {
      const found = await fetch();
      await new Promise<void>((resolve) => (answer = resolve));
      return found;
    };
    const device = new Device(house);
    device.link.look();
    await settled();
    // Nobody hears of this: the topic is watched only now.
    await house.tell(0, [add("a")]);
    device.link.look();
    answer();
    await settled();
    answer();
    await settled();
    expect(device.shown?.entries.map((entry) => entry.id)).toEqual(["a"]);
    device.link.end();
  });

  it("gives up what is refused for good", async () => {
    const house = new House();
    house.tell = () => Promise.reject(new Refused());
    const device = new Device(house);
    device.link.tell(add("a"));
    await settled();
    expect(device.untold).toEqual([]);
    device.link.end();
  });

  it("asks where events do not follow on what it knows", () => {
    const copy: Copy = { revision: 3, head: HEAD, entries: [] };
    expect(withChanges(copy, { revision: 5, reset: false, events: [], order: null })).toBeNull();
    expect(withChanges(copy, { revision: 5, reset: true, events: [], order: null })).toBeNull();
    expect(withChanges(copy, { revision: 3, reset: false, events: [], order: null })).toBe(copy);
  });
});
