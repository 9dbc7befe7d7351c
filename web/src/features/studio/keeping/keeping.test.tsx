import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { beginChoosing, chooseAmong, endChoosing } from "@/shared/lib/chosen";
import { session } from "@/shared/lib/session";
import { visit } from "@/testing/app";
import { expectAccessible } from "@/testing/axe";
import { fullArtist, fullTrack, me, signedIn } from "@/testing/music";
import { type Handler, problem, serve } from "@/testing/server";

const world = (extra: Record<string, Handler>) =>
  serve({
    "GET /api/v1/users/me": () => ({ body: me({ roles: ["fan", "admin"] }) }),
    "GET /api/v1/about": () => ({
      body: { name: "Antiphon", version: "0", guest_listening: true, registration: "open" },
    }),
    "GET /api/v1/users/usr_2": () => ({ body: { ...me({ id: "usr_2", display_name: "Nils" }) } }),
    "GET /api/v1/tracks/trk_1": () => ({ body: fullTrack({ editable: true }) }),
    "GET /api/v1/genres": () => ({ body: { items: [{ id: "gen_1", name: "Folk", tracks: 1 }], next: null } }),
    ...extra,
  });

const choose = (kind: "artist" | "track", ...names: [id: string, name: string][]) =>
  act(() => {
    const items = names.map(([id, name]) => ({ id, name, detail: "" }));
    beginChoosing(kind);
    chooseAmong(items, new Set(items.map((item) => item.id)));
  });

beforeEach(() => act(() => session.start(signedIn())));
afterEach(() => {
  act(() => {
    endChoosing();
    session.end();
  });
  vi.unstubAllGlobals();
});

const sent = (requests: Request[], end: string) =>
  Promise.all(requests.filter((one) => one.url.endsWith(end)).map((one) => one.clone().json()));

test("a refusal to take an edit back says which fields were changed since", async () => {
  const edit = {
    id: "edt_1",
    content_id: "trk_1",
    action: "edit",
    before: { genres: ["Folk"], explicit: false },
    after: { genres: ["Folk", "Jazz"], explicit: true },
    batch: "edt_9",
    undoes: null,
    undone: false,
    edited_by: "usr_2",
    edited_at: "2026-11-01T10:00:00Z",
  };
  world({
    "GET /api/v1/content/trk_1/history": () => ({ body: { items: [edit], next: null } }),
    "POST /api/v1/edits/edt_1/undo": () => {
      const { status, body } = problem(409, "edit_overtaken");
      return { status: status ?? 409, body: { ...(body as object), fields: ["genres"] } };
    },
  });
  const user = await visit("/keeping/history/trk_1");
  const entry = await screen.findByRole("list", { name: "Edits" });
  expect(await within(entry).findByText("Nils")).toBeVisible();
  expect(within(entry).getByText("Folk, Jazz")).toBeVisible();
  await expectAccessible();
  await user.click(within(entry).getByRole("button", { name: "Take back" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Genres");
});

test("many are changed after a look at what changes, and what is in the way is told one by one", async () => {
  const difference = { id: "trk_1", before: { genres: [] }, after: { genres: ["Jazz"] } };
  const trouble = { id: "trk_2", code: "not_manager", detail: "", errors: [] };
  let problems = [trouble];
  const { requests } = world({
    "POST /api/v1/tracks/bulk/preview": () => ({ body: { differences: [difference], problems } }),
    "POST /api/v1/tracks/bulk": () => ({ body: { batch: "edt_9", changed: ["trk_1"] } }),
  });
  choose("track", ["trk_1", "Undertow"], ["trk_2", "Hush"]);
  const user = await visit("/keeping/edit");
  await user.click(await screen.findByRole("button", { name: /Add a field/ }));
  await user.click(await screen.findByRole("option", { name: "Genres" }));
  await user.type(screen.getByRole("combobox", { name: "Genres" }), "Jazz{Enter}");
  await user.click(screen.getByRole("button", { name: "Show what changes" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Hush: Only people who manage this artist can do this.");
  expect(screen.queryByRole("button", { name: "Change 1 of them" })).toBeNull();
  await expectAccessible();
  problems = [];
  await user.click(screen.getByRole("button", { name: /Let go of Hush/ }));
  await user.click(screen.getByRole("button", { name: "Show what changes" }));
  await user.click(await screen.findByRole("button", { name: "Change 1 of them" }));
  expect(await screen.findByText("1 was changed.")).toBeVisible();
  expect(await sent(requests, "/tracks/bulk")).toEqual([
    { ids: ["trk_1"], change: {}, add: { genres: ["Jazz"] }, remove: {} },
  ]);
});

test("two artists are compared and become the one that was chosen to stay", async () => {
  const stats = { albums: 1, tracks: 9, plays: 40 };
  const { requests } = world({
    "GET /api/v1/artists/art_1": () => ({ body: fullArtist({ editable: true, stats }) }),
    "GET /api/v1/artists/art_2": () => ({ body: fullArtist({ id: "art_2", name: "Marrow and Tide", editable: true }) }),
    "POST /api/v1/artists/art_1/merge": () => ({ body: fullArtist({ id: "art_2", name: "Marrow and Tide" }) }),
  });
  choose("artist", ["art_1", "Marrow & Tide"], ["art_2", "Marrow and Tide"]);
  const user = await visit("/keeping/merge");
  expect(await screen.findByRole("radio", { name: "Stays: Marrow & Tide" })).toBeChecked();
  await user.click(screen.getByRole("radio", { name: "Stays: Marrow and Tide" }));
  expect(screen.getByText("9 tracks")).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Merge into Marrow and Tide" }));
  await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Merge" }));
  expect(await screen.findByText("They are one")).toBeVisible();
  expect(await sent(requests, "/artists/art_1/merge")).toEqual([{ into: "art_2" }]);
});

test("what may be double is listed with its reasons, and leads to the merge tool", async () => {
  const pair = {
    artist: fullArtist({ editable: true }),
    others: [{ because: ["name", "mbid"], artist: fullArtist({ id: "art_2", name: "Marrow and Tide" }) }],
  };
  world({
    // What was looked through first held nothing alike.
    "GET /api/v1/duplicates/artists": (request) =>
      new URL(request.url).searchParams.has("cursor")
        ? { body: { items: [pair], next: null } }
        : { body: { items: [], next: "on" } },
    "GET /api/v1/duplicates/albums": () => ({ body: { items: [], next: null } }),
    "GET /api/v1/artists/art_1": () => ({ body: fullArtist({ editable: true }) }),
    "GET /api/v1/artists/art_2": () => ({ body: fullArtist({ id: "art_2", name: "Marrow and Tide", editable: true }) }),
  });
  const user = await visit("/keeping/doubles");
  expect(await screen.findByText("Same MusicBrainz id")).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("tab", { name: "Albums" }));
  expect(await screen.findByRole("heading", { name: "Nothing looks double" })).toBeVisible();
  await user.click(screen.getByRole("tab", { name: "Artists" }));
  await user.click(await screen.findByRole("button", { name: "Compare Marrow & Tide" }));
  expect(await screen.findByRole("radio", { name: "Stays: Marrow and Tide" })).toBeVisible();
});

test("a genre is chosen in the tree by keys, and a name that another has is refused in words", async () => {
  const bebop = { id: "gen_2", name: "Bebop", aliases: ["Bop"], tracks: 2, albums: 1, children: [] };
  const tree = [{ id: "gen_1", name: "Jazz", aliases: [], tracks: 5, albums: 2, children: [bebop] }];
  const { requests } = world({
    "GET /api/v1/genres/tree": () => ({ body: tree }),
    "PUT /api/v1/genres/gen_2": () => {
      const { body } = problem(422, "invalid_input");
      const errors = [{ pointer: "/name", code: "taken", detail: "" }];
      return { status: 422, body: { ...(body as object), errors } };
    },
  });
  const user = await visit("/keeping/genres");
  const jazz = await screen.findByRole("row", { name: "Jazz" });
  act(() => jazz.focus());
  await user.keyboard("{ArrowDown}");
  const name = await screen.findByRole("textbox", { name: "Name" });
  expect(name).toHaveValue("Bebop");
  await expectAccessible();
  await user.clear(name);
  await user.type(name, "Jazz");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Another genre has this name already.")).toBeVisible();
  await waitFor(async () => expect(await sent(requests, "/genres/gen_2")).toEqual([{ name: "Jazz" }]));
});
