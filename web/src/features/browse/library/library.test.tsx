import { act, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { address, visit } from "@/testing/app";
import { expectAccessible } from "@/testing/axe";
import { albumCard, track } from "@/testing/music";
import { serve } from "@/testing/server";
import { libraryAddress } from "./address";

const genres = () => ({ body: { items: [{ id: "gen_1", name: "Folk", tracks: 3 }], next: null } });
const PAGE = 100;

afterEach(() => vi.unstubAllGlobals());

test("of a hundred thousand tracks only those in the window are drawn, and pages come as one scrolls", async () => {
  const { requests } = serve({
    "GET /api/v1/genres": genres,
    "GET /api/v1/libraries": () => ({ body: [] }),
    "GET /api/v1/tracks": ({ url }) => {
      const start = Number(new URL(url).searchParams.get("cursor") ?? "0");
      const items = Array.from({ length: PAGE }, (_, index) =>
        track({ id: `trk_${start + index}`, title: `Track ${start + index}` }),
      );
      return { body: { items, next: String(start + PAGE) } };
    },
  });
  await visit("/library?view=tracks");
  const list = await screen.findByRole("list", { name: "Tracks" });
  expect(within(list).getByText("Track 0")).toBeVisible();
  expect(within(list).queryByText("Track 99")).toBeNull();
  expect(within(list).getAllByRole("listitem").length).toBeLessThan(60);
  const further = () => requests.filter((one) => new URL(one.url).searchParams.has("cursor")).length;
  expect(further()).toBe(0);
  list.getBoundingClientRect = () => ({ top: -90 * 64 }) as DOMRect;
  act(() => {
    fireEvent.scroll(window);
  });
  expect(await screen.findByText("Track 100")).toBeVisible();
  expect(within(list).queryByText("Track 0")).toBeNull();
  expect(further()).toBe(1);
});

test("the letter, the year and the order stand in the address", async () => {
  const { requests } = serve({
    "GET /api/v1/genres": genres,
    "GET /api/v1/libraries": () => ({ body: [] }),
    "GET /api/v1/albums": () => ({ body: { items: [albumCard()], next: null } }),
  });
  const user = await visit("/library");
  expect(await screen.findByRole("link", { name: "Salt" })).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("link", { name: "From S" }));
  expect(address()).toBe("/library?from=s");
  await user.type(screen.getByRole("textbox", { name: "Year" }), "1999");
  expect(address()).toBe("/library?from=s&year=1999");
  await screen.findByRole("link", { name: "Salt" });
  const query = new URL(requests.findLast((one) => one.url.includes("/albums?"))?.url ?? "").searchParams;
  expect([query.get("starting"), query.get("year"), query.get("sort")]).toEqual(["s", "1999", "title"]);
  await user.click(screen.getByRole("link", { name: "As a list" }));
  expect(await screen.findByText("2026")).toBeVisible();
  await expectAccessible();
});

test("one walks down the folders", async () => {
  const ref = (id: string, name: string) => ({ id, name, library_id: "lib_1" });
  serve({
    "GET /api/v1/folders": () => ({ body: [ref("fol_1", "Attic")] }),
    "GET /api/v1/folders/fol_1": () => ({
      body: {
        ...ref("fol_1", "Attic"),
        above: [],
        folders: { items: [ref("fol_2", "Marrow")], next: null },
        tracks: [],
      },
    }),
    "GET /api/v1/folders/fol_2": () => ({
      body: {
        ...ref("fol_2", "Marrow"),
        above: [ref("fol_1", "Attic")],
        folders: { items: [], next: null },
        tracks: [track()],
      },
    }),
  });
  const user = await visit("/library?view=folders");
  await user.click(await screen.findByRole("link", { name: "Attic" }));
  await user.click(await screen.findByRole("link", { name: "Marrow" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Marrow" })).toBeVisible();
  expect(screen.getByRole("link", { name: "Undertow" })).toBeVisible();
  expect(screen.getByRole("link", { name: "Attic" })).toHaveAttribute("href", "/folders/fol_1");
  await expectAccessible();
});

test("what does not belong into the address is left out", () => {
  expect(libraryAddress({ view: "cellar", year: "19", sort: "newest", look: "list", from: "" })).toEqual({
    view: undefined,
    sort: "newest",
    look: "list",
    genre: undefined,
    year: undefined,
    library: undefined,
    from: undefined,
  });
});
