import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { session } from "@/shared/lib/session";
import { serve } from "@/testing/server";
import { serveSocket } from "@/testing/socket";
import { subscribe } from "./socket";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  session.end();
});

it("connects later where the session could not be renewed at first", async () => {
  const { opened } = serveSocket();
  let down = true;
  serve({
    "POST /api/v1/auth/refresh": () => {
      if (down) throw new TypeError("Failed to fetch");
      return { body: { csrf_token: "c", expires_in: 900 } };
    },
  });
  session.start({ csrf_token: "c", expires_in: 0, user: { id: "usr_1" } });
  const leave = subscribe("user:me:queue", () => undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(opened).toEqual([]);

  down = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(opened).toEqual(["/ws"]);
  leave();
});
