import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { queryClient } from "@/shared/lib/query";
import { session } from "@/shared/lib/session";
import { setPreferences } from "@/shared/lib/preferences";
import { activate } from "@/shared/lib/i18n";
import { address, visit } from "@/testing/app";
import { expectAccessible } from "@/testing/axe";
import { album, albumCard, artist, me, signedIn, track } from "@/testing/music";
import { type Handler, problem, serve } from "@/testing/server";

const nothing = { fresh_albums: [], fresh_tracks: [], popular_tracks: [], artists: [] };
const something = {
  fresh_albums: [albumCard(), albumCard({ id: "alb_2", title: "Ochre" })],
  fresh_tracks: [track()],
  popular_tracks: [track({ id: "trk_2", title: "Hush" })],
  artists: [artist()],
};
function world(extra: Record<string, Handler> = {}) {
  return serve({
    "GET /api/v1/content/discover": () => ({ body: something }),
    "GET /api/v1/genres": () => ({ body: { items: [{ id: "gen_1", name: "Folk", tracks: 4 }], next: null } }),
    "GET /api/v1/users/me": () => ({ body: me() }),
    "GET /api/v1/about": () => ({
      body: { name: "Antiphon", version: "0.1.0", guest_listening: true, registration: "open" },
    }),
    ...extra,
  });
}

afterEach(async () => {
  act(() => {
    session.end();
    setPreferences({ singleKeys: true, recentSearches: [], locale: null });
  });
  await activate("en");
  queryClient.clear();
  vi.unstubAllGlobals();
});

test("home shows new releases, artists and what is played most", async () => {
  world();
  await visit("/");
  const releases = await screen.findByRole("region", { name: "New releases" });
  expect(within(releases).getByRole("link", { name: "Salt" })).toHaveAttribute("href", "/albums/alb_1");
  expect(within(releases).getByRole("link", { name: "Ochre" })).toBeVisible();
  expect(screen.getByRole("list", { name: "Most played" })).toHaveTextContent("Hush");
  expect(screen.getByRole("heading", { name: "Marrow & Tide" })).toBeVisible();
  await expectAccessible();
});

test("an empty house says what to do next", async () => {
  world({ "GET /api/v1/content/discover": () => ({ body: nothing }) });
  await visit("/");
  expect(await screen.findByRole("heading", { name: "Nobody has played here yet" })).toBeVisible();
  expect(screen.getByRole("link", { name: "Create an account" })).toHaveAttribute("href", "/sign-up");
});

test("a failing server can be asked again", async () => {
  let broken = true;
  world({ "GET /api/v1/content/discover": () => (broken ? problem(403, "forbidden") : { body: something }) });
  const person = await visit("/");
  expect(await screen.findByText("You are not allowed to do this.")).toBeVisible();
  broken = false;
  await person.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("region", { name: "New releases" })).toBeVisible();
});

test("a wrong password is explained, the right one leads back to where one was", async () => {
  world({
    "POST /api/v1/auth/login": async (request) => {
      const { password } = (await request.json()) as { password: string };
      return password === "right" ? { body: signedIn() } : problem(401, "bad_credentials");
    },
  });
  const user = await visit("/sign-in?next=%2Fgenres");
  await user.type(await screen.findByLabelText(/Email/), "mira@example.org");
  await user.type(screen.getByLabelText(/Password/), "wrong");
  await user.click(within(screen.getByRole("main")).getByRole("button", { name: "Sign in" }));
  expect(await screen.findByText("The email address or the password is not right.")).toBeVisible();
  await user.clear(screen.getByLabelText(/Password/));
  await user.type(screen.getByLabelText(/Password/), "right");
  await user.click(within(screen.getByRole("main")).getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("heading", { name: "Genres", level: 1 })).toBeVisible();
  expect(address()).toBe("/genres");
});

test("sign-in never leads to another site", async () => {
  world({ "POST /api/v1/auth/login": () => ({ body: signedIn() }) });
  const user = await visit("/sign-in?next=%2F%2Fevil.example");
  await user.type(await screen.findByLabelText(/Email/), "mira@example.org");
  await user.type(screen.getByLabelText(/Password/), "right{Enter}");
  await waitFor(() => expect(address()).toBe("/"));
});

test("sign-up checks before it asks, and shows what the server refuses at its field", async () => {
  const { requests } = world({ "POST /api/v1/auth/register": () => problem(409, "email_taken") });
  const user = await visit("/sign-up");
  await user.type(await screen.findByLabelText(/Name/), "Mira Hólt");
  expect(screen.getByLabelText(/Handle/)).toHaveValue("mira.holt");
  await user.type(screen.getByLabelText(/Email/), "mira@example.org");
  await user.type(screen.getByLabelText(/Password/), "short");
  await user.click(screen.getByRole("button", { name: "Create an account" }));
  expect(screen.getByLabelText(/Password/)).toHaveAccessibleDescription("Use at least 8 characters.");
  expect(requests.some((request) => request.url.endsWith("/register"))).toBe(false);
  await user.type(screen.getByLabelText(/Password/), " but longer");
  await user.click(screen.getByRole("button", { name: "Create an account" }));
  await waitFor(() =>
    expect(screen.getByLabelText(/Email/)).toHaveAccessibleDescription(
      "There is already an account with this email address.",
    ),
  );
  await expectAccessible();
});

test("a one-time link signs in and leaves nothing in the address", async () => {
  const { requests } = world({
    "POST /api/v1/auth/link": () => ({ body: signedIn() }),
  });
  await visit("/sign-in/link#once-only");
  await waitFor(() => expect(session.signedIn()).toBe(true));
  const sent = requests.find((request) => request.url.endsWith("/auth/link"));
  expect(await sent?.json()).toEqual({ token: "once-only" });
  expect(window.location.hash).toBe("");
});

test("guests are sent to sign in before the studio, and come back to it", async () => {
  world();
  await visit("/studio/upload");
  expect(await screen.findByRole("heading", { name: "Welcome back" })).toBeVisible();
  expect(address()).toBe("/sign-in?next=%2Fstudio%2Fupload");
});

test("Enter in the search box brings up results, which follow the typing; nothing found gives help", async () => {
  world({
    "GET /api/v1/search": (request) => {
      const q = new URL(request.url).searchParams.get("q");
      const nothing = { artists: [], albums: [], tracks: [], playlists: [], people: [], lyrics: [] };
      const empty = { ...nothing, totals: {}, reach: "words", did_you_mean: null, facets: null };
      return {
        body: q === "salt" ? { ...empty, albums: [albumCard()], tracks: [track({ title: "Salt Song" })] } : empty,
      };
    },
  });
  const user = await visit("/");
  const box = await screen.findByRole("combobox", { name: "Search artists, albums and tracks" });
  await user.type(box, "salt{Enter}");
  expect(await screen.findByText("2 results")).toBeVisible();
  expect(box).toHaveFocus();
  expect(screen.getByRole("list", { name: "Tracks" })).toHaveTextContent("Salt Song");
  await expectAccessible();
  await user.clear(box);
  await user.type(box, "xyzzy");
  expect(await screen.findByRole("heading", { name: "Nothing found" })).toBeVisible();
});

test("suggestions come while one types, kind by kind, and arrow keys choose among them", async () => {
  world({
    "GET /api/v1/search/suggest": () => ({
      body: [
        { text: "Salt Road", kind: "artist", id: "art_1", detail: "" },
        { text: "Salt Song", kind: "track", id: "trk_1", detail: "Marrow & Tide" },
        { text: "Salted", kind: "artist", id: "art_2", detail: "" },
      ],
    }),
    "GET /api/v1/tracks/trk_1": () => ({ body: track({ title: "Salt Song" }) }),
  });
  const user = await visit("/");
  const box = await screen.findByRole("combobox", { name: "Search artists, albums and tracks" });
  await user.type(box, "sal");
  const list = await screen.findByRole("listbox", { name: "Suggestions" });
  expect(
    within(list)
      .getAllByRole("option")
      .map((one) => one.textContent),
  ).toEqual(["Salt Road", "Salted", "Salt SongMarrow & Tide"]);
  expect(within(list).getByRole("group", { name: "Artists" })).toHaveTextContent("Salted");
  await expectAccessible();
  await user.keyboard("{ArrowUp}");
  expect(box).toHaveAttribute("aria-activedescendant", within(list).getByRole("option", { selected: true }).id);
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("listbox")).toBeNull();
  expect(box).toHaveValue("sal");
  await user.keyboard("{ArrowDown}{ArrowUp}");
  expect(screen.getByRole("option", { selected: true })).toHaveTextContent("Salt Song");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(address()).toBe("/tracks/trk_1"));
  expect(box).toHaveValue("");
});

test("a search tells what was meant, narrows, and shows where a line is sung", async () => {
  world({
    "GET /api/v1/search": (request) => {
      const asked = new URL(request.url).searchParams;
      const song = track({ title: "Salt Song" });
      const years = [
        { value: "1997", count: 3 },
        { value: "2001", count: 1 },
      ];
      const beats = [
        { value: "120", count: 3 },
        { value: "90", count: 1 },
      ];
      return {
        body: {
          artists: [],
          albums: [],
          tracks: asked.get("year_from") === "1997" ? [song] : [song, track({ id: "trk_2", title: "Salty" })],
          playlists: [],
          people: [{ id: "usr_1", handle: "salty", display_name: "Salt Keeper", avatar: null, verified: true }],
          lyrics: [{ track: song, text: "Salt upon the water", start_ms: 61_000, language: "en" }],
          totals: {},
          reach: "near",
          did_you_mean: "Salt",
          facets: asked.get("facets") === "true" ? { year: years, bpm: beats } : null,
        },
      };
    },
  });
  const user = await visit("/search?q=slat");
  expect(await screen.findByRole("link", { name: "Did you mean “Salt”?" })).toHaveAttribute("href", "/search?q=Salt");
  expect(screen.getByRole("link", { name: /Salt upon the water.*1:01/ })).toBeVisible();
  expect(screen.getByRole("list", { name: "People" })).toHaveTextContent(/Salt Keeper.*Verified.*@salty/);
  await expectAccessible();
  expect(await screen.findByRole("link", { name: /120–129 BPM/ })).toHaveAttribute("href", "/search?q=slat&bpm=120");
  await user.click(screen.getByRole("link", { name: /1997/ }));
  expect(await screen.findByText("3 results")).toBeVisible();
  expect(address()).toBe("/search?q=slat&year=1997");
});

test("an album over two discs lists them under headings, in order", async () => {
  const tracks = [
    track({ id: "trk_3", title: "Coda", disc_number: 2, track_number: 1 }),
    track({ id: "trk_1", title: "Undertow", disc_number: 1, track_number: 1 }),
    track({ id: "trk_2", title: "Hush", disc_number: 1, track_number: 2, playable: false, because: "processing" }),
  ];
  world({ "GET /api/v1/albums/alb_1": () => ({ body: album({ tracks, label: "Sound Harbour" }) }) });
  await visit("/albums/alb_1");
  expect(await screen.findByRole("heading", { name: "Salt", level: 1 })).toBeVisible();
  expect(screen.getByRole("list", { name: "Tracks of disc 1" })).toHaveTextContent(/Undertow.*Hush/);
  expect(screen.getByRole("list", { name: "Tracks of disc 2" })).toHaveTextContent("Coda");
  expect(screen.getByText("Sound Harbour")).toBeVisible();
  expect(screen.getByText("March 1, 2026")).toBeVisible();
  expect(screen.getByRole("button", { name: "Play Hush" })).toBeDisabled();
  await expectAccessible();
});

test("what is gone says so", async () => {
  world();
  await visit("/albums/alb_gone");
  expect(await screen.findByRole("heading", { name: "This is not here" })).toBeVisible();
});

test("an address that leads nowhere says so", async () => {
  world();
  await visit("/no/such/page");
  expect(await screen.findByRole("heading", { name: "Nothing sounds here" })).toBeVisible();
});

test("? lists the shortcuts, / goes to the search box, and both can be switched off", async () => {
  world();
  const user = await visit("/");
  await screen.findByRole("region", { name: "New releases" });
  await user.keyboard("?");
  const dialog = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
  expect(dialog).toHaveTextContent("Search");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await user.keyboard("/");
  expect(screen.getByRole("combobox")).toHaveFocus();
  act(() => {
    (document.activeElement as HTMLElement).blur();
    setPreferences({ singleKeys: false });
  });
  await user.keyboard("?");
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("the command palette goes where its words say", async () => {
  world();
  const user = await visit("/");
  await screen.findByRole("region", { name: "New releases" });
  await user.keyboard("{Control>}k{/Control}");
  const input = await screen.findByRole("searchbox", { name: "What do you want to do?" });
  await user.type(input, "sett");
  await user.click(await screen.findByRole("menuitem", { name: "Settings" }));
  expect(await screen.findByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
});

test("another language takes over at once, right to left where it is so written", async () => {
  world();
  const user = await visit("/settings");
  await user.click(await screen.findByRole("button", { name: /Language/ }));
  await user.click(await screen.findByRole("option", { name: "العربية" }));
  expect(await screen.findByRole("heading", { name: "الإعدادات", level: 1 })).toBeVisible();
  expect(document.documentElement).toHaveAttribute("dir", "rtl");
  await expectAccessible();
});

test("a saved profile is shown everywhere", async () => {
  session.start(signedIn());
  let name = "Mira";
  world({
    "GET /api/v1/users/me": () => ({ body: me({ display_name: name }) }),
    "PUT /api/v1/users/me": async (request) => {
      name = ((await request.json()) as { display_name: string }).display_name;
      return { body: me({ display_name: name }) };
    },
  });
  const user = await visit("/settings");
  const field = await screen.findByLabelText("Name");
  await user.clear(field);
  await user.type(field, "Mira Holt");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Saved")).toBeVisible();
  expect(screen.getByRole("button", { name: "Account of Mira Holt" })).toBeVisible();
});

test("signing out tells the server which session ends, and forgets it here", async () => {
  session.start(signedIn());
  const { requests } = world({ "POST /api/v1/auth/logout": () => ({ status: 204 }) });
  const user = await visit("/about");
  await user.click(await screen.findByRole("button", { name: "Account of Mira" }));
  await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
  expect(await screen.findByText("You are signed out.")).toBeVisible();
  expect(session.signedIn()).toBe(false);
  expect(localStorage.getItem("antiphon.session")).toBeNull();
  const sent = requests.find((request) => request.url.endsWith("/auth/logout"));
  expect(sent?.headers.get("Antiphon-Session")).toBe("cookie");
});

test("an artist's tracks are all there, and the played ones come first in a chart", async () => {
  const all = [1, 2, 3, 4].map((number) =>
    track({ id: `trk_${number}`, title: `Song ${number}`, stats: { plays: number } }),
  );
  world({
    "GET /api/v1/artists/art_1": () => ({ body: artist() }),
    "GET /api/v1/albums": () => ({ body: { items: [albumCard()], next: null } }),
    "GET /api/v1/tracks": (request) => {
      const popular = new URL(request.url).searchParams.get("sort") === "popular";
      return { body: { items: popular ? all.slice(1).reverse() : all, next: null } };
    },
  });
  await visit("/artists/art_1");
  expect(await screen.findByRole("list", { name: "Popular tracks" })).toHaveTextContent(/Song 4.*Song 3.*Song 2/);
  expect(screen.getByRole("list", { name: "Tracks" })).toHaveTextContent(/Song 1.*Song 2.*Song 3.*Song 4/);
});

test("who is signed out elsewhere leaves the studio", async () => {
  session.start(signedIn());
  world({
    "GET /api/v1/artists": () => ({ body: { items: [], next: null } }),
    "GET /api/v1/tracks": () => ({ body: { items: [], next: null } }),
    "GET /api/v1/albums": () => ({ body: { items: [], next: null } }),
  });
  await visit("/studio");
  await waitFor(() => expect(address()).toBe("/studio"));
  act(() => session.end());
  expect(await screen.findByRole("heading", { name: "Welcome back" })).toBeVisible();
  expect(address()).toBe("/sign-in?next=%2Fstudio");
});

test.each(["/settings/security", "/settings/privacy", "/settings/connections", "/admin"])(
  "guests are asked to sign in before %s",
  async (path) => {
    world();
    await visit(path);
    expect(await screen.findByRole("heading", { name: "Welcome back" })).toBeVisible();
    expect(address()).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
  },
);

test("settings lead to security and privacy", async () => {
  world();
  session.start(signedIn());
  const user = await visit("/settings");
  await user.click(await screen.findByRole("link", { name: /^Security/ }));
  expect(await screen.findByRole("heading", { name: "Security", level: 1 })).toBeVisible();
  await user.click(screen.getByRole("main").querySelector('a[href="/settings"]') as Element);
  await user.click(await screen.findByRole("link", { name: /^Privacy/ }));
  expect(await screen.findByRole("heading", { name: "Privacy", level: 1 })).toBeVisible();
  await expectAccessible();
});

test("the administration is for admins", async () => {
  world();
  session.start(signedIn());
  await visit("/admin");
  expect(await screen.findByRole("heading", { name: "This part is for admins" })).toBeVisible();
});
