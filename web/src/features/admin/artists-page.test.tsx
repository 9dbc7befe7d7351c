import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { session } from "@/shared/lib/session";
import { address, visit } from "@/testing/app";
import { expectAccessible } from "@/testing/axe";
import { fullTrack, me, signedIn } from "@/testing/music";
import { type Handler, problem, serve } from "@/testing/server";

const waiting = (id: string, name: string, change: object = {}) => ({
  id,
  name,
  bio: "Sings at low tide.",
  image: null,
  asked_at: "2026-11-20T10:00:00Z",
  tracks: 2,
  refused_before: null,
  made_by: { id: "usr_2", handle: "bea", display_name: "Bea" },
  ...change,
});

function world(queue: () => unknown[], extra: Record<string, Handler> = {}) {
  return serve({
    "GET /api/v1/users/me": () => ({ body: { ...me(), roles: ["fan", "moderator"] } }),
    "GET /api/v1/about": () => ({ body: { name: "Antiphon", artist_approval: "required" } }),
    "GET /api/v1/artists/waiting": () => ({ body: { items: queue(), next: null } }),
    ...extra,
  });
}

beforeEach(() => act(() => session.start(signedIn())));
afterEach(() => {
  act(() => session.end());
  vi.unstubAllGlobals();
});

test("a moderator is led to the new artists, approves one and refuses another, and goes on with the keyboard", async () => {
  let queue = [waiting("art_1", "Tide"), waiting("art_2", "Ebb", { refused_before: "No picture", made_by: null })];
  const { requests } = world(() => queue, {
    "POST /api/v1/artists/art_1/approve": () => {
      queue = queue.slice(1);
      return { status: 204 };
    },
    "POST /api/v1/artists/art_2/refuse": () => {
      queue = [];
      return { status: 204 };
    },
  });
  const user = await visit("/admin");
  expect(await screen.findByRole("heading", { name: "New artists", level: 1 })).toBeVisible();
  expect(address()).toBe("/admin/artists");
  expect(screen.queryByRole("link", { name: "People" })).toBeNull();
  expect(await screen.findByText("2 artists are waiting")).toBeVisible();
  expect(screen.getByText("No picture")).toBeVisible();
  expect(screen.getByText("by somebody who is not shown")).toBeVisible();
  await expectAccessible();

  await user.click(screen.getByRole("button", { name: "Approve Tide" }));
  expect(await screen.findByText("1 artist is waiting")).toHaveFocus();
  await user.click(screen.getByRole("button", { name: "Refuse Ebb" }));
  const dialog = await screen.findByRole("dialog", { name: "Refuse Ebb" });
  expect(within(dialog).getByRole("button", { name: "Refuse" })).toBeDisabled();
  await user.type(within(dialog).getByRole("textbox", { name: /^Reason/ }), " Not yours ");
  await user.click(within(dialog).getByRole("button", { name: "Refuse" }));
  expect(await screen.findByRole("heading", { name: "Nobody is waiting" })).toBeVisible();
  const refusal = requests.find((request) => request.url.endsWith("/refuse"));
  expect(await refusal?.json()).toEqual({ reason: "Not yours" });
});

test("somebody else was faster: it is said, and the queue is asked anew", async () => {
  let queue = [waiting("art_1", "Tide")];
  world(() => queue, {
    "POST /api/v1/artists/art_1/approve": () => {
      queue = [];
      return problem(409, "artist_decided");
    },
  });
  const user = await visit("/admin/artists");
  await user.click(await screen.findByRole("button", { name: "Approve Tide" }));
  expect(await screen.findByText("Somebody has decided about this artist already.")).toBeVisible();
  expect(await screen.findByRole("heading", { name: "Nobody is waiting" })).toBeVisible();
});

test("a list that cannot be fetched can be asked for again", async () => {
  let broken = true;
  world(() => [], {
    "GET /api/v1/artists/waiting": () => (broken ? problem(403, "forbidden") : { body: { items: [], next: null } }),
  });
  const user = await visit("/admin/artists");
  expect(await screen.findByText("The list cannot be shown")).toBeVisible();
  broken = false;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.getByRole("heading", { name: "Nobody is waiting" })).toBeVisible());
  await expectAccessible();
});

test("what was taken down is listed with its reason, opened to be read, and brought back", async () => {
  const work = {
    id: "trk_1",
    kind: "track",
    title: "Salt Song",
    artist: { id: "art_1", name: "Tide" },
    cover: null,
    taken_down: { at: "2026-11-20T10:00:00Z", reason: "Not theirs." },
  };
  let works = [work];
  const whole = fullTrack({ title: "Salt Song", taken_down: work.taken_down, album: { id: "alb_1", title: "Salt" } });
  const { requests } = world(() => [], {
    "GET /api/v1/content/taken-down/trk_1": () => ({ body: whole }),
    "GET /api/v1/content/taken-down": () => ({ body: { items: works, next: null } }),
    "POST /api/v1/content/trk_1/restore": () => {
      works = [];
      return { status: 204 };
    },
  });
  const user = await visit("/admin/taken-down");
  expect(await screen.findByText("Not theirs.")).toBeVisible();
  expect(screen.getByText("1 work is taken down")).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("link", { name: "Salt Song" }));
  expect(await screen.findByRole("heading", { name: "Salt Song", level: 1 })).toBeVisible();
  expect(screen.getByText(/nothing of it can be changed here/)).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Bring back Salt Song" }));
  expect(await screen.findByRole("heading", { name: "Nothing is taken down" })).toBeVisible();
  expect(requests.some((one) => one.url.endsWith("/content/trk_1/restore"))).toBe(true);
});
