import { act, screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Library, Scan } from "@/shared/api/types";
import { session } from "@/shared/lib/session";
import { address, visit } from "@/testing/app";
import { expectAccessible } from "@/testing/axe";
import { me, signedIn } from "@/testing/music";
import { serve } from "@/testing/server";
import { merged } from "./library-queries";

const admin = () => ({ body: { ...me(), roles: ["admin"] } });
const library = (more: Partial<Library> = {}): Library => ({
  id: "lib_1",
  number: 1,
  name: "Attic",
  access: "members",
  path: "/srv/attic",
  watched: true,
  writes_tags: false,
  created_at: "2026-05-01T12:00:00Z",
  version: 1,
  kind: "library",
  ...more,
});
const scan = (more: Partial<Scan> = {}): Scan => ({
  id: "scn_1",
  library_id: "lib_1",
  state: "reading",
  full: false,
  found: 200,
  done: 50,
  percent: 25,
  folders: 9,
  added: 50,
  changed: 0,
  moved: 0,
  missing: 0,
  unreadable: 1,
  error_code: null,
  error_detail: null,
  asked_at: "2026-05-01T12:00:00Z",
  started_at: "2026-05-01T12:00:00Z",
  finished_at: null,
  ...more,
});
const page = (...items: object[]) => ({ body: { items, next: null } });

afterEach(() => {
  act(() => {
    session.end();
  });
  vi.unstubAllGlobals();
});

test("a folder is added, scanned at once, and the scan is cancelled", async () => {
  const made: Library[] = [];
  let running = scan();
  const { requests } = serve({
    "GET /api/v1/users/me": admin,
    "GET /api/v1/libraries": () => ({ body: made }),
    "POST /api/v1/libraries": () => {
      made.push(library());
      return { status: 201, body: library() };
    },
    "POST /api/v1/libraries/lib_1/scan": () => ({ status: 202, body: running }),
    "GET /api/v1/libraries/lib_1": () => ({ body: library() }),
    "GET /api/v1/libraries/lib_1/scan": () => ({ body: running }),
    "POST /api/v1/libraries/lib_1/scan/cancel": () => {
      running = scan({ state: "cancelled", finished_at: "2026-05-01T12:01:00Z" });
      return { status: 202, body: running };
    },
    "GET /api/v1/libraries/lib_1/scan/errors": () => page({ path: "a/b.mp3", code: "no_permission", detail: "" }),
    "GET /api/v1/libraries/lib_1/missing": () => page(),
  });
  session.start(signedIn());
  const user = await visit("/admin/libraries");
  expect(await screen.findByText("No library yet")).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Add a folder" }));
  expect(screen.getByRole("button", { name: "Add and scan" })).toBeDisabled();
  await user.keyboard("/srv/attic");
  await user.click(screen.getByRole("button", { name: "Add and scan" }));
  const bar = await screen.findByRole("progressbar", { name: "Scan of Attic" });
  expect(bar).toHaveAttribute("aria-valuenow", "25");
  expect(address()).toBe("/admin/libraries/lib_1");
  expect(await screen.findByText("The server may not read it.")).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Cancel the scan of Attic" }));
  expect(await screen.findByText("Cancelled")).toBeVisible();
  const sent = requests.find((one) => one.method === "POST" && one.url.endsWith("/libraries"));
  expect(await sent?.json()).toEqual({
    path: "/srv/attic",
    name: "",
    access: "members",
    watched: true,
    writes_tags: false,
  });
});

test("what is missing is deleted only when that is confirmed", async () => {
  let gone = false;
  const { requests } = serve({
    "GET /api/v1/users/me": admin,
    "GET /api/v1/libraries/lib_1": () => ({ body: library() }),
    "GET /api/v1/libraries/lib_1/scan": () => ({
      body: scan({ state: "done", percent: 100, missing: 1, finished_at: "2026-05-01T12:01:00Z" }),
    }),
    "GET /api/v1/libraries/lib_1/scan/errors": () => page(),
    "GET /api/v1/libraries/lib_1/missing": () =>
      gone
        ? page()
        : page({
            id: "trk_1",
            title: "Salt",
            artist: "Tide",
            album: null,
            path: "a/salt.mp3",
            missing_since: "2026-05-01T12:00:00Z",
          }),
    "DELETE /api/v1/libraries/lib_1/missing": () => {
      gone = true;
      return { status: 204 };
    },
  });
  session.start(signedIn());
  const user = await visit("/admin/libraries/lib_1");
  await user.click(await screen.findByRole("button", { name: "Delete Salt" }));
  const dialog = await screen.findByRole("alertdialog", { name: "Delete Salt?" });
  expect(requests.some((one) => one.method === "DELETE")).toBe(false);
  await user.click(within(dialog).getByRole("button", { name: "Delete" }));
  expect(await screen.findByText("No file is missing.")).toBeVisible();
  const sent = requests.find((one) => one.method === "DELETE");
  expect(new URL(sent?.url ?? "").searchParams.getAll("track")).toEqual(["trk_1"]);
});

test("a bar that is told of never stands at the end before the scan does", () => {
  expect(merged(scan(), { state: "reading", done: 100 }).percent).toBe(50);
  expect(merged(scan(), { state: "settling", done: 200 }).percent).toBe(99);
  expect(merged(scan(), { state: "walking", found: 7 }).percent).toBeNull();
});
