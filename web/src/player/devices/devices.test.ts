import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
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

const NOON = Date.UTC(2026, 0, 1, 12);
const device = (id: string, atMs: number, more: object = {}) => ({
  ...{ id, name: id, kind: "speaker", here: true, active: true, playing: true, volume: 1 },
  ...{ seen_at: new Date(NOON + atMs).toISOString(), until: new Date(Date.now() + 90_000).toISOString(), ...more },
});

/** A person with a kitchen that plays; `answer` answers what this device says of itself. */
async function beside(ears: { overtaken?: () => void } = {}) {
  const waiting: ((own: object) => void)[] = [];
  const said: { playing: boolean }[] = [];
  const devices = new Devices({ obey: vi.fn(), overtaken: vi.fn(), steers: vi.fn(), ...ears });
  serve({
    "GET /api/v1/stream/devices": () => ({ body: [device("kitchen", -60_000)] }),
    [`PUT /api/v1/stream/devices/${devices.me}`]: async (request) => {
      said.push((await request.json()) as { playing: boolean });
      const own = await new Promise<object>((resolve) => waiting.push(resolve));
      return { body: own };
    },
  });
  const hear = (event: string, data: object) =>
    socket.say({ type: "event", topic: "user:usr_1:devices", cursor: "a.2", event, data });
  await vi.advanceTimersByTimeAsync(0);
  socket.say({ type: "ready", user_id: "usr_1", heartbeat_s: 20 });
  socket.say({ type: "subscribed", topic: "user:usr_1:devices", cursor: "a.1" });
  await vi.advanceTimersByTimeAsync(0);
  const answer = async (atMs: number, active = true): Promise<void> => {
    waiting.shift()?.(device(devices.me, atMs, { active }));
    await vi.advanceTimersByTimeAsync(0);
  };
  return { devices, said, hear, answer };
}

describe("a device that claims the music", () => {
  it("keeps it against what others said before", async () => {
    const overtaken = vi.fn();
    const { devices, said, hear, answer } = await beside({ overtaken });
    expect(useDevices.getState().steered?.id).toBe("kitchen");
    await answer(-1_000, false);
    devices.tellState({ playing: true, volume: 1 });
    await vi.advanceTimersByTimeAsync(0);
    expect(said.map(({ playing }) => playing)).toEqual([false, true]);
    hear("changed", { device: device("kitchen", -500, { volume: 0.4 }) });
    await answer(0);
    hear("changed", { device: device("kitchen", -400, { volume: 0.3 }) });
    expect(overtaken).not.toHaveBeenCalled();
    expect(useDevices.getState()).toMatchObject({ steered: null, others: [{ id: "kitchen", volume: 0.3 }] });
    hear("changed", { device: device("kitchen", 20) });
    expect(overtaken).toHaveBeenCalledTimes(1);
    expect(useDevices.getState().steered?.id).toBe("kitchen");
    devices.end();
  });

  it("gives it up to who took it while the server heard of the claim, or where that never did", async () => {
    for (const lost of [false, true]) {
      const overtaken = vi.fn();
      const { devices, hear, answer } = await beside({ overtaken });
      await answer(-1_000, false);
      devices.tellState({ playing: true, volume: 1 });
      await vi.advanceTimersByTimeAsync(0);
      hear("changed", { device: device("kitchen", 20) });
      expect(overtaken).not.toHaveBeenCalled();
      await answer(0, !lost);
      expect(overtaken).toHaveBeenCalledTimes(1);
      expect(useDevices.getState().steered?.id).toBe("kitchen");
      devices.end();
    }
  });
});

it("asks again for those who say nothing new, where the answer was lost", async () => {
  let lost = true;
  serve({
    "GET /api/v1/stream/devices": () => {
      if (lost) throw new TypeError("Failed to fetch");
      return { body: [device("kitchen", 0)] };
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
