/** What comes late, on a slow network, of a room that has gone on or was left. */
import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Jam } from "@/shared/api/types";
import { session } from "@/shared/lib/session";
import { visit } from "@/testing/app";
import { me, signedIn } from "@/testing/music";
import { comesTrue } from "@/testing/patience";
import { type Handler, problem, serve } from "@/testing/server";
import { room } from "./session";
import { useJam } from "./store";

const ROOM = "/api/v1/jams/jam_1";

function jam(more: Partial<Jam> = {}): Jam {
  const track = { id: "trk_1", title: "Drift", artist: { id: "art_1", name: "Brine" }, album: null, cover: null };
  const entry = { id: "e1", content_id: "trk_1", duration_ms: 60_000, silent_because: null, added_by: null };
  return {
    id: "jam_1",
    revision: 1,
    role: "listener",
    head: { current: "e1", playing: false, position_ms: 0, at: "2026-01-01T00:00:00Z" },
    current: { ...entry, track, score: 0, my_vote: 0 },
    coming: [],
    members: [],
    options: { everybody_adds: true, everybody_controls: false, by_votes: false },
    link: null,
    skips_needed: 1,
    ...more,
  } as unknown as Jam;
}

/** A handler whose answer waits until it is let go. */
function held(answer: ReturnType<Handler>) {
  let resolve = (): void => undefined;
  const waiting = new Promise<void>((resolved) => (resolve = resolved));
  const asked = vi.fn(async () => {
    await waiting;
    return answer;
  });
  return { asked, letGo: () => resolve() };
}

const settled = () => act(() => new Promise((resolve) => setTimeout(resolve, 20)));

beforeEach(() => {
  session.start(signedIn());
});

afterEach(() => {
  room.forget();
  useJam.setState({ over: false });
  act(() => session.end());
  vi.unstubAllGlobals();
});

it("plays what was told while the player was being loaded", async () => {
  serve({});
  room.enter(jam());
  const head = { ...jam().head, position_ms: 30_000 };
  room.take(jam({ revision: 2, head }));
  await room.prepare();
  await settled();
  expect(room.positionMs()).toBe(30_000);
});

it("does not take a room for over that was left meanwhile", async () => {
  const here = held(problem(404, "jam_not_found"));
  serve({ [`POST ${ROOM}/commands`]: () => problem(409, "jam_not_allowed"), [`POST ${ROOM}/here`]: here.asked });
  room.enter(jam());
  room.move("e1", null);
  await comesTrue(() => expect(here.asked).toHaveBeenCalled());
  room.forget();
  here.letGo();
  await settled();
  expect(useJam.getState().over).toBe(false);
});

it("is not in the room again while the server hears that one leaves", async () => {
  const out = held({ status: 204 });
  let revision = 0;
  serve({
    "GET /api/v1/users/me": () => ({ body: me() }),
    [`GET ${ROOM}`]: () => ({ body: jam({ revision: (revision += 1) }) }),
    [`DELETE ${ROOM}/members/${signedIn().user.id}`]: out.asked,
  });
  const user = await visit("/jam/jam_1");
  await user.click(await screen.findByRole("button", { name: "Leave the room" }));
  await comesTrue(() => expect(out.asked).toHaveBeenCalled());
  await settled();
  expect(useJam.getState().jam).toBeNull();
  out.letGo();
  await settled();
});
