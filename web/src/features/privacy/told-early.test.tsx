/** What is over before the answer comes that it has begun: the socket may be quicker than a slow request. */
import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Export, Import } from "@/shared/api/types";
import { isLive } from "@/shared/api/socket";
import { session } from "@/shared/lib/session";
import { visit } from "@/testing/app";
import { me, signedIn } from "@/testing/music";
import { comesTrue } from "@/testing/patience";
import { serve } from "@/testing/server";
import { serveSocket } from "@/testing/socket";

const TOPIC = `user:${signedIn().user.id}`;
let socket: ReturnType<typeof serveSocket>;
const hear = (message: object): void => act(() => socket.say(message));

beforeEach(() => {
  socket = serveSocket();
});

afterEach(() => {
  act(() => session.end());
  vi.unstubAllGlobals();
});

const times = { created_at: "2026-11-20T10:00:00Z", finished_at: null };
const asked: Export = {
  ...{ id: "exp_1", state: "waiting", percent: 0, bytes: null, sha256: null, records: {}, missing: 0 },
  ...{ ...times, expires_at: null, download_url: null },
};
const begun: Import = {
  ...{ id: "imp_1", state: "waiting", percent: 0, bytes: 9, publish: true, taken: {}, found: {}, left: 0 },
  ...{ ...times, error_code: null },
};
const made = { ...asked, state: "ready", bytes: 9, expires_at: "2030-01-01T00:00:00Z", download_url: "/archive.zip" };

/** Privacy's page of somebody who hears what happens; `event` is told before the POST is answered. */
async function page(path: string, event: string, first: object, then: object) {
  let there: object[] = [];
  let [looks, answeredAt] = [0, Number.POSITIVE_INFINITY];
  session.start(signedIn());
  serve({
    "GET /api/v1/users/me": () => ({ body: me() }),
    [`GET ${path}`]: () => {
      looks += 1;
      return { body: there };
    },
    [`POST ${path}`]: async () => {
      there = [then];
      const before = looks;
      hear({ type: "event", topic: TOPIC, event, data: {}, cursor: "a.2" });
      await comesTrue(() => expect(looks).toBeGreaterThan(before));
      await new Promise((resolve) => setTimeout(resolve, 20));
      answeredAt = looks;
      return { status: 202, body: first };
    },
  });
  const user = await visit("/settings/privacy");
  await comesTrue(() => expect(socket.listens()).toBe(true));
  hear({ type: "ready", user_id: signedIn().user.id, heartbeat_s: 20 });
  hear({ type: "subscribed", topic: TOPIC, cursor: "a.1" });
  expect(isLive("user:me")).toBe(true);
  /** Until then what is seen may be from before the answer. */
  const looksAgain = () => comesTrue(() => expect(looks).toBeGreaterThan(answeredAt));
  return { user, looksAgain };
}

test("an archive that is made at once is there", async () => {
  const { user, looksAgain } = await page("/api/v1/users/me/export", "export", asked, made);
  await user.click(await screen.findByRole("button", { name: "Make an archive" }));
  await looksAgain();
  expect(await screen.findByRole("link", { name: /^Download [0-9]/ })).toBeVisible();
});

test("an archive that is read at once can be looked over", async () => {
  const { user, looksAgain } = await page("/api/v1/users/me/import", "import", begun, { ...begun, state: "review" });
  await user.upload(await screen.findByLabelText("Archive"), new File(["PK"], "a.zip", { type: "application/zip" }));
  await looksAgain();
  expect(await screen.findByRole("link", { name: "Look it over" })).toBeVisible();
});
