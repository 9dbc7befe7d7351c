import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { ImportReport } from "@/shared/api/types";
import { session } from "@/shared/lib/session";
import { address, visit } from "@/testing/app";
import { expectAccessible } from "@/testing/axe";
import { me, signedIn } from "@/testing/music";
import { serve } from "@/testing/server";

const report: ImportReport = {
  id: "imp_1",
  state: "review",
  percent: 100,
  bytes: 1_000,
  publish: true,
  taken: {},
  found: { likes: 12, playlists: 1, plays: 0 },
  left: 2,
  error_code: null,
  created_at: "2026-11-20T10:00:00Z",
  finished_at: null,
  leftovers: [
    { name: "likes", source: "trk_far", reason: "work_ambiguous", label: "The Choir - Hymn" },
    { name: "likes", source: "trk_gone", reason: "work_not_here", label: "The Choir - Psalm" },
  ],
  unsure_count: 1,
};

const unsure = [
  {
    name: "tracks",
    source: "trk_far",
    label: "The Choir - Hymn",
    candidates: [
      { id: "trk_1", title: "Hymn", artist: "The Choir", album: "First", version: "", duration_ms: 101_000 },
      { id: "trk_2", title: "Hymn", artist: "The Choir", album: "Live", version: "", duration_ms: 102_000 },
    ],
  },
];

function world() {
  session.start(signedIn());
  return serve({
    "GET /api/v1/users/me": () => ({ body: me() }),
    "GET /api/v1/users/me/import": () => ({ body: [report] }),
    "GET /api/v1/users/me/import/imp_1": () => ({ body: report }),
    "GET /api/v1/users/me/import/imp_1/unsure": () => ({ body: { items: unsure, next: null } }),
    "POST /api/v1/users/me/import/imp_1/apply": () => ({ status: 202, body: { ...report, state: "waiting" } }),
    "DELETE /api/v1/users/me/import/imp_1": () => ({ status: 204 }),
  }).requests;
}

afterEach(() => {
  act(() => session.end());
  vi.unstubAllGlobals();
});

test("what is found, unsure and missing is shown, and taken in with what was chosen", async () => {
  const requests = world();
  const user = await visit("/settings/privacy/import/imp_1");
  expect(await screen.findByText("12")).toBeVisible();
  expect(screen.getByText("The Choir - Psalm")).toBeVisible();
  expect(screen.getAllByText("The Choir - Hymn")).toHaveLength(1);
  expect(screen.getByText("1 work is not chosen yet.")).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: /What is meant by The Choir - Hymn/ }));
  await user.click(await screen.findByRole("option", { name: /Live/ }));
  expect(screen.queryByText("1 work is not chosen yet.")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Take it in" }));
  await waitFor(() => expect(address()).toMatch(/^\/settings\/privacy(#|$)/));
  const applied = requests.find((one) => one.method === "POST" && one.url.endsWith("/apply"));
  expect(await applied?.json()).toEqual({ choices: { trk_far: "trk_2" } });
});

test("it can be left out", async () => {
  const requests = world();
  const user = await visit("/settings/privacy/import/imp_1");
  await user.click(await screen.findByRole("button", { name: "Do not take it in" }));
  const asked = await screen.findByRole("alertdialog");
  await user.click(within(asked).getByRole("button", { name: "Leave them out" }));
  await waitFor(() => expect(requests.some((one) => one.method === "DELETE")).toBe(true));
});
