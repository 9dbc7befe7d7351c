import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { session } from "@/shared/lib/session";
import { address, visit } from "@/testing/app";
import { expectAccessible } from "@/testing/axe";
import { album, albumCard, artist, fullArtist, fullTrack, me, signedIn, track } from "@/testing/music";
import { type Handler, problem, serve } from "@/testing/server";

const draft = (id: string, title: string, version = 1) =>
  fullTrack({ id, title, published: false, published_at: null, editable: true, album: null, version });
const page = (...items: unknown[]) => ({ body: { items, next: null } });

function world(extra: Record<string, Handler> = {}) {
  return serve({
    "GET /api/v1/users/me": () => ({ body: me() }),
    "GET /api/v1/about": () => ({
      body: { name: "Antiphon", version: "0", guest_listening: true, registration: "open" },
    }),
    "GET /api/v1/artists": () => page(artist({ editable: true })),
    "GET /api/v1/albums": () => page(albumCard({ editable: true })),
    "GET /api/v1/tracks": () => page(draft("trk_1", "Undertow"), draft("trk_2", "Hush")),
    "GET /api/v1/genres": () => page({ id: "gen_1", name: "Folk", tracks: 1 }),
    "GET /api/v1/uploads": () => page(),
    "GET /api/v1/uploads/quota": () => ({ body: { used_bytes: 5e6, limit_bytes: 2e10, max_file_bytes: 4e9 } }),
    "GET /api/v1/tracks/trk_1": () => ({ body: draft("trk_1", "Undertow") }),
    ...extra,
  });
}

beforeEach(() => act(() => session.start(signedIn())));
afterEach(() => {
  act(() => session.end());
  vi.unstubAllGlobals();
});

const bodies = async (requests: Request[], method: string): Promise<unknown[]> =>
  Promise.all(requests.filter((request) => request.method === method).map((request) => request.clone().json()));

test("my music is found by any word and published in one go", async () => {
  const { requests } = world({
    "POST /api/v1/content/trk_1/publish": () => ({ body: track({ id: "trk_1" }) }),
    "POST /api/v1/content/trk_2/publish": () => problem(409, "not_ready"),
  });
  const user = await visit("/studio");
  expect(await screen.findByRole("link", { name: "Undertow" })).toBeVisible();
  await expectAccessible();
  await user.type(screen.getByRole("searchbox", { name: "Search in my music" }), "hush");
  expect(screen.queryByRole("link", { name: "Undertow" })).toBeNull();
  await user.clear(screen.getByRole("searchbox", { name: "Search in my music" }));
  await user.click(screen.getByRole("checkbox", { name: "Choose all drafts that are ready" }));
  await user.click(screen.getByRole("button", { name: "Publish 2 tracks" }));
  expect(await screen.findByText(/1 could not be published/)).toHaveTextContent("before its first version plays");
  expect(requests.filter((request) => request.method === "POST")).toHaveLength(2);
});

test("a track is saved against the version it was made from, and only what changed is sent", async () => {
  const { requests } = world({
    "PUT /api/v1/content/trk_1": () => ({ body: draft("trk_1", "Undertow II", 2) }),
  });
  const user = await visit("/studio/tracks/trk_1");
  const title = await screen.findByRole("textbox", { name: "Title" });
  await expectAccessible();
  await user.type(title, " II");
  await user.type(screen.getByRole("combobox", { name: "Genres" }), "Folk{Enter}");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(requests.some((request) => request.method === "PUT")).toBe(true));
  const put = requests.find((request) => request.method === "PUT");
  expect(put?.headers.get("If-Match")).toBe('"v1"');
  expect(await bodies(requests, "PUT")).toEqual([{ title: "Undertow II", genres: ["Folk"] }]);
  await waitFor(() => expect(screen.queryByText("Unsaved changes")).toBeNull());
});

test("somebody else's change is shown, and a person decides", async () => {
  let version = 1;
  const { requests } = world({
    "GET /api/v1/tracks/trk_1": () => ({ body: draft("trk_1", version === 1 ? "Undertow" : "Theirs", version) }),
    "PUT /api/v1/content/trk_1": (request) => {
      if (request.headers.get("If-Match") === '"v7"') return { body: draft("trk_1", "Mine", 8) };
      version = 7;
      return problem(412, "version_conflict");
    },
  });
  const user = await visit("/studio/tracks/trk_1");
  const title = await screen.findByRole("textbox", { name: "Title" });
  await user.clear(title);
  await user.type(title, "Mine");
  await user.click(screen.getByRole("button", { name: "Save" }));
  const alert = await screen.findByRole("alert");
  expect(title).toHaveValue("Mine");
  await user.click(within(alert).getByRole("button", { name: "Save my changes over it" }));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  expect(
    requests.filter((request) => request.method === "PUT").map((request) => request.headers.get("If-Match")),
  ).toEqual(['"v1"', '"v7"']);
});

test("unsaved changes are not lost by walking away", async () => {
  world();
  const user = await visit("/studio/tracks/trk_1");
  await user.type(await screen.findByRole("textbox", { name: "Title" }), "!");
  await user.click(within(screen.getByRole("main")).getByRole("link", { name: "My music" }));
  const question = await screen.findByRole("alertdialog", { name: "Leave without saving?" });
  await user.click(within(question).getByRole("button", { name: "Cancel" }));
  expect(address()).toBe("/studio/tracks/trk_1");
  await user.click(within(screen.getByRole("main")).getByRole("link", { name: "My music" }));
  await user.click(await screen.findByRole("button", { name: "Discard changes" }));
  await waitFor(() => expect(address()).toBe("/studio"));
});

test("album tracks are numbered anew when one is moved, and go back when that is refused", async () => {
  const tracks = ["a", "b"].map((title, index) =>
    track({ id: `trk_${title}`, title, track_number: index + 1, editable: true }),
  );
  world({
    "GET /api/v1/albums/alb_1": () => ({ body: album({ tracks, editable: true }) }),
    "PUT /api/v1/content/trk_a": () => problem(403, "not_manager"),
    "PUT /api/v1/content/trk_b": () => problem(403, "not_manager"),
  });
  const user = await visit("/studio/albums/alb_1");
  const list = await screen.findByRole("grid", { name: "Tracks of the album" });
  await expectAccessible();
  await user.click(within(list).getByRole("button", { name: "Move b up" }));
  expect(await screen.findByText("You are not allowed to change this.")).toBeVisible();
  await waitFor(() =>
    expect(
      within(list)
        .getAllByRole("link")
        .map((link) => link.textContent),
    ).toEqual(["a", "b"]),
  );
});

test("the upload page asks for an artist first, and refuses what is no music in its own row", async () => {
  let artists: unknown[] = [];
  world({
    "GET /api/v1/artists": () => page(...artists),
    "POST /api/v1/artists": () => {
      artists = [artist()];
      return { status: 201, body: artist() };
    },
  });
  const user = await visit("/studio/upload");
  await expectAccessible();
  await user.click(await screen.findByRole("button", { name: "New artist profile" }));
  const dialog = await screen.findByRole("dialog", { name: "New artist profile" });
  await user.type(within(dialog).getByRole("textbox", { name: "Artist name" }), "Marrow & Tide{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await expectAccessible();
  const input = screen.getByTestId("files");
  input.removeAttribute("accept");
  const picture = new File(["x"], "cover.jpg");
  Object.defineProperty(picture, "webkitRelativePath", { value: "" });
  await user.upload(input, picture);
  expect(await screen.findByText("This is not a sound file we can open.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Remove cover.jpg from the list" }));
  expect(screen.queryByText("cover.jpg")).toBeNull();
});

test("the artist's page in the studio saves name and text", async () => {
  const { requests } = world({
    "GET /api/v1/artists/art_1": () => ({ body: fullArtist({ editable: true }) }),
    "PUT /api/v1/artists/art_1": () => ({ body: fullArtist({ bio: "Two voices.", version: 2 }) }),
  });
  const user = await visit("/studio/artists/art_1");
  await user.type(await screen.findByRole("textbox", { name: "About" }), "Two voices.");
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(async () => expect(await bodies(requests, "PUT")).toEqual([{ bio: "Two voices." }]));
});

test("an artist that waits is said to wait, and one that was refused can be asked for again", async () => {
  const why = "The picture is not yours.";
  let approval: "refused" | "waiting" = "refused";
  const { requests } = world({
    "GET /api/v1/artists": () =>
      page(
        artist({ id: "art_1", name: "Tide", editable: true, approval: "waiting" }),
        artist({
          id: "art_2",
          name: "Ebb",
          editable: true,
          approval,
          refused_for: approval === "refused" ? why : null,
        }),
      ),
    "POST /api/v1/artists/art_2/ask-again": () => {
      approval = "waiting";
      return { body: artist({ id: "art_2", approval }) };
    },
  });
  const user = await visit("/studio");
  expect(await screen.findByText("Tide waits for approval")).toBeVisible();
  expect(screen.getByText("Ebb was not approved")).toBeVisible();
  expect(screen.getByText(why)).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Ask again for Ebb" }));
  expect(await screen.findByText("Ebb waits for approval")).toBeVisible();
  expect(requests.some((request) => request.url.endsWith("/artists/art_2/ask-again"))).toBe(true);
});
