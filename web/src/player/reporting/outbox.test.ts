import { beforeEach, describe, expect, it } from "vitest";
import { Listening } from "./listening";
import { PlayOutbox, type PlayServer } from "./outbox";

class Refused extends Error {}
class Down extends Error {}

/** A server that remembers what it acknowledged, by event id. */
class RecordingServer implements PlayServer {
  readonly plays = new Map<string, string>();
  readonly heard = new Map<string, number>();
  readonly seen: string[] = [];
  readonly hidden: string[] = [];
  failure: Error | null = null;
  private = false;

  async start(contentId: string, eventId: string, _startedAt: string, privately: boolean): Promise<string> {
    this.seen.push(eventId);
    if (this.failure) throw this.failure;
    this.plays.set(eventId, contentId);
    if (privately) this.hidden.push(contentId);
    return `ses_${eventId}`;
  }

  async progress(sessionId: string, _eventId: string, _positionMs: number, playedMs: number): Promise<void> {
    if (this.failure) throw this.failure;
    this.heard.set(sessionId, playedMs);
  }

  passes(error: unknown): boolean {
    return error instanceof Down;
  }

  privately(): boolean {
    return this.private;
  }
}

let server: RecordingServer;
let who: string;
const outbox = () => new PlayOutbox(server, () => who);

beforeEach(() => {
  localStorage.clear();
  server = new RecordingServer();
  who = "usr_1";
});

describe("reports of plays", () => {
  it("reach the server once and are forgotten when the session is over", async () => {
    const box = outbox();
    box.start("trk_1", "e1");
    await box.flush();
    box.progress("e1", { eventId: "p1", positionMs: 9000, playedMs: 9000 }, true);
    await box.flush();
    expect([...server.plays]).toEqual([["e1", "trk_1"]]);
    expect(server.heard.get("ses_e1")).toBe(9000);
    expect(box.pending()).toEqual([]);
  });

  it("wait for the network, survive a closed tab and keep their event id", async () => {
    server.failure = new Down();
    const before = outbox();
    before.start("trk_1", "e1");
    before.progress("e1", { eventId: "p1", positionMs: 100, playedMs: 100 }, false);
    before.progress("e1", { eventId: "p2", positionMs: 200, playedMs: 200 }, true);
    await before.flush();
    server.failure = null;
    const after = outbox();
    await after.flush();
    expect(new Set(server.seen)).toEqual(new Set(["e1"]));
    expect(server.heard.get("ses_e1")).toBe(200);
    expect(after.pending()).toEqual([]);
  });

  it("stay private where the private session is over before the server hears of them", async () => {
    server.failure = new Down();
    server.private = true;
    const before = outbox();
    before.start("trk_private", "e1");
    await before.flush();
    server.private = false;
    before.start("trk_open", "e2");
    server.failure = null;
    await outbox().flush();
    expect([...server.plays.values()].sort()).toEqual(["trk_open", "trk_private"]);
    expect(server.hidden).toEqual(["trk_private"]);
  });

  it("are dropped when the server refuses them for good", async () => {
    server.failure = new Refused();
    const box = outbox();
    box.start("trk_gone", "e1");
    await box.flush();
    expect(box.pending()).toEqual([]);
  });

  it("are never sent in another person's name", async () => {
    server.failure = new Down();
    const box = outbox();
    box.start("trk_1", "e1");
    await box.flush();
    server.failure = null;
    who = "usr_2";
    await box.flush();
    expect(server.plays.size).toBe(0);
    who = "usr_1";
    await box.flush();
    expect(server.plays.size).toBe(1);
  });
});

describe("listening", () => {
  it("counts what was heard, not what was jumped over or waited for", async () => {
    let now = 0;
    const box = outbox();
    const listening = new Listening("trk_1", box, () => now);
    const after = (ms: number, positionMs: number, playing: boolean) => {
      now += ms;
      listening.look(positionMs, playing);
    };
    after(0, 0, true);
    for (let second = 1; second <= 5; second += 1) after(1000, second * 1000, true);
    listening.jumped(5000);
    after(0, 100_000, true);
    after(1000, 101_000, true);
    after(30_000, 101_000, true);
    after(60_000, 101_000, false);
    after(0, 101_000, true);
    after(1000, 102_000, true);
    listening.close(102_000);
    await box.flush();
    await box.flush();
    expect([...server.heard.values()]).toEqual([7000]);
  });
});
