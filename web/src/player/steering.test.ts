import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { session } from "@/shared/lib/session";
import { serve } from "@/testing/server";
import type { PlayerController } from "./controller";
import type { Desk } from "./desk";
import { useDevices } from "./devices/store";
import { Steering } from "./steering";
import { Head } from "./sync/head";

const TOPIC = "user:usr_1:devices";
let line: WebSocket;

beforeEach(() => {
  vi.stubGlobal(
    "WebSocket",
    class {
      constructor() {
        line = this as unknown as WebSocket;
      }
      send(): void {}
      close(): void {}
    },
  );
  serve({});
  session.start({ user: { id: "usr_1" }, csrf_token: "x", expires_in: 900 });
});

afterEach(() => {
  session.end();
  vi.unstubAllGlobals();
});

/** A page whose queue does not know yet what the others play. */
function page() {
  const goOn = vi.fn();
  const local = { steering: null, isSounding: () => false, goOn, rest: vi.fn() };
  const desk = { head: new Head(), current: null, turnTo: () => false };
  const steering = new Steering(local as unknown as PlayerController, desk as unknown as Desk);
  return { steering, goOn };
}

it("takes over once its queue has come, also where the word to get ready came last", async () => {
  const { steering, goOn } = page();
  await vi.waitFor(() => expect(line.onmessage).toBeTypeOf("function"), { timeout: 10_000 });
  const hear = (message: object): void => line.onmessage?.({ data: JSON.stringify(message) } as MessageEvent);
  const command = (told: object, cursor: string): void =>
    hear({
      type: "event",
      topic: TOPIC,
      event: "command",
      data: { to: useDevices.getState().me, command: told },
      cursor,
    });
  hear({ type: "ready", user_id: "usr_1", heartbeat_s: 20 });
  command({ kind: "take_over", entry: "b", position_ms: 9_000 }, "a.1");
  command({ kind: "prepare", entry: "b", position_ms: 9_000 }, "a.2");
  expect(goOn).not.toHaveBeenCalled();
  steering.local.steering?.taken();
  expect(goOn).toHaveBeenCalledTimes(1);
});
