import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { session, type SessionAnswer } from "@/shared/lib/session";
import { serve } from "@/testing/server";
import { setLike, useLateLikes } from "./late-likes";

beforeEach(() => {
  vi.useFakeTimers();
  session.start({ csrf_token: "c", expires_in: 900, user: { id: "usr_1" } } as SessionAnswer);
});

afterEach(() => {
  vi.useRealTimers();
  session.end();
  localStorage.clear();
});

it("tells again what the network did not take when it said that it was back", async () => {
  let down = true;
  const { requests } = serve({
    "PUT /api/v1/social/likes/trk_1": () => {
      if (down) throw new TypeError("Failed to fetch");
      return { status: 204 };
    },
  });
  await setLike("trk_1", true);
  expect(useLateLikes.getState().late).toEqual({ trk_1: true });

  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  expect(requests).toHaveLength(2);
  down = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(requests).toHaveLength(3);
  expect(useLateLikes.getState().late).toEqual({});
  expect(Object.keys(localStorage).filter((key) => key.startsWith("antiphon.likes"))).toEqual([]);
});

it("does not say again what was taken back meanwhile", async () => {
  let down = true;
  const answer = () => {
    if (down) throw new TypeError("Failed to fetch");
    return { status: 204 };
  };
  const { requests } = serve({
    "PUT /api/v1/social/likes/trk_1": answer,
    "DELETE /api/v1/social/likes/trk_1": answer,
  });
  await setLike("trk_1", true);
  down = false;
  await setLike("trk_1", false);
  expect(useLateLikes.getState().late).toEqual({});
  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(requests.map(({ method }) => method)).toEqual(["PUT", "DELETE"]);
});
