import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { session } from "@/shared/lib/session";
import { serve } from "@/testing/server";
import { serveSocket } from "@/testing/socket";
import { Devices } from "./devices";
import { useDevices } from "./store";

let socket: ReturnType<typeof serveSocket>;

beforeEach(() => {
  vi.useFakeTimers();
  socket = serveSocket();
  session.start({ user: { id: "usr_1" }, csrf_token: "x", expires_in: 900 });
});

afterEach(() => {
  vi.useRealTimers();
  session.end();
  vi.unstubAllGlobals();
});

it("asks again for those who say nothing new, where the answer was lost", async () => {
  const kitchen = {
    ...{ id: "kitchen", name: "Kitchen", kind: "speaker", here: true, active: true, playing: true, volume: 1 },
    ...{ seen_at: new Date().toISOString(), until: new Date(Date.now() + 90_000).toISOString() },
  };
  let lost = true;
  serve({
    "GET /api/v1/stream/devices": () => {
      if (lost) throw new TypeError("Failed to fetch");
      return { body: [kitchen] };
    },
  });
  const devices = new Devices({ obey: vi.fn(), overtaken: vi.fn(), steers: vi.fn() });
  await vi.advanceTimersByTimeAsync(0);
  socket.say({ type: "ready", user_id: "usr_1", heartbeat_s: 20 });
  socket.say({ type: "subscribed", topic: "user:usr_1:devices", cursor: "a.1" });
  await vi.advanceTimersByTimeAsync(0);
  expect(useDevices.getState().others).toEqual([]);

  lost = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(useDevices.getState().others.map(({ id }) => id)).toEqual(["kitchen"]);
  devices.end();
});
