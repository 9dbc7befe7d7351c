import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Scrobbler } from "@/shared/api/types";
import { session } from "@/shared/lib/session";
import { address, go, visit } from "@/testing/app";
import { expectAccessible } from "@/testing/axe";
import { me, signedIn } from "@/testing/music";
import { problem, serve } from "@/testing/server";

const SERVICES = "/api/v1/integrations/scrobblers";
const BACK = "/settings/connections?service=lastfm&token=allowed";

const service = (change: Partial<Scrobbler> = {}): Scrobbler => ({
  id: "listenbrainz",
  name: "ListenBrainz",
  state: "off",
  offered: true,
  account: null,
  connected_at: null,
  told_at: null,
  waiting: 0,
  not_taken: 0,
  failure: null,
  failed_at: null,
  next_try_at: null,
  authorize_url: null,
  ...change,
});
const lastfm = (change: Partial<Scrobbler> = {}) =>
  service({ id: "lastfm", name: "Last.fm", authorize_url: `https://www.last.fm/api/auth/?cb=${BACK}`, ...change });

const notTaken = {
  title: "Undertow",
  artist: "Tide",
  started_at: "2026-11-20T10:00:00Z",
  reason: "Artist name failed filter",
  put_aside_at: "2026-11-20T10:05:00Z",
};

/** Who is signed in, and services whose state the test changes as a server would. */
function world(...shown: Scrobbler[]) {
  const asked = serve({
    "GET /api/v1/users/me": () => ({ body: me() }),
    [`GET ${SERVICES}`]: () => ({ body: shown }),
    [`PUT ${SERVICES}/lastfm`]: () => {
      shown[0] = lastfm({ state: "on", account: "mira", connected_at: "2026-10-01T10:00:00Z" });
      return { status: 204 };
    },
    [`GET ${SERVICES}/listenbrainz/not-taken`]: () => ({ body: [notTaken] }),
    [`DELETE ${SERVICES}/listenbrainz/not-taken`]: () => {
      shown[0] = service({ state: "on", account: "mira" });
      return { status: 204 };
    },
    [`PUT ${SERVICES}/listenbrainz`]: () => problem(409, "scrobbler_refused"),
    [`PATCH ${SERVICES}/listenbrainz`]: () => ({ status: 204 }),
    [`DELETE ${SERVICES}/listenbrainz`]: () => {
      shown[0] = service();
      return { status: 204 };
    },
  });
  session.start(signedIn());
  return asked.requests;
}

const changes = (requests: Request[]) =>
  requests.filter(({ url, method }) => url.includes(SERVICES) && method !== "GET");

afterEach(() => {
  sessionStorage.clear();
  act(() => session.end());
  vi.unstubAllGlobals();
});

test("who comes back from Last.fm is connected, and the token does not stay in the address", async () => {
  const requests = world(lastfm());
  const user = await visit("/settings/connections");
  const link = await screen.findByRole("link", { name: "Connect Last.fm" });
  expect(link).toHaveAttribute("href", lastfm().authorize_url);
  link.addEventListener("click", (event) => event.preventDefault());
  await user.click(link);
  await go(BACK);
  expect(await screen.findAllByText("Connected. What you hear from now on is told.")).not.toHaveLength(0);
  expect(address()).toBe("/settings/connections");
  const [asked, ...more] = changes(requests);
  expect(await asked?.json()).toEqual({ token: "allowed" });
  expect(more).toEqual([]);
});

test("a link of somebody else connects nothing", async () => {
  const requests = world(lastfm());
  await visit(BACK);
  expect(await screen.findByRole("alert")).toHaveTextContent("This was not begun in this tab");
  await waitFor(() => expect(address()).toBe("/settings/connections"));
  expect(changes(requests)).toEqual([]);
});

test("a bad token is said at its field, and what is off says how it is turned on", async () => {
  world(service(), lastfm({ offered: false, authorize_url: null }));
  const user = await visit("/settings/connections");
  await user.type(await screen.findByLabelText("User token"), "wrong");
  await user.click(screen.getByRole("button", { name: "Connect ListenBrainz" }));
  expect(await screen.findByText("ListenBrainz does not know this token.")).toBeVisible();
  expect(screen.getByText("ANTIPHON_LASTFM_SECRET")).toBeVisible();
  expect(screen.queryByRole("link", { name: "Connect Last.fm" })).toBeNull();
  expect(screen.getByText(`${window.location.origin}/1/submit-listens`)).toBeVisible();
  await expectAccessible();
});

test("what waits and why is told; it rests and ends when asked to", async () => {
  const at = "2026-10-01T10:00:00Z";
  const requests = world(
    service({
      ...{ state: "waiting", account: "mira", connected_at: at, told_at: at, waiting: 3 },
      ...{ failure: "scrobbler_unavailable", failed_at: at, next_try_at: at },
    }),
  );
  const user = await visit("/settings/connections");
  expect(await screen.findByText("3 plays wait to be told.")).toBeVisible();
  expect(screen.getByText(/^ListenBrainz did not take what it was told/)).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("switch", { name: /^Tell ListenBrainz what you hear/ }));
  await waitFor(() => expect(changes(requests)).toHaveLength(1));
  expect(await changes(requests)[0]?.json()).toEqual({ forwards: false });
  await user.click(screen.getByRole("button", { name: "Disconnect ListenBrainz" }));
  await user.click(await screen.findByRole("button", { name: "Disconnect" }));
  await waitFor(() => expect(changes(requests).at(-1)?.method).toBe("DELETE"));
  await waitFor(() => expect(screen.getByLabelText("User token")).toHaveFocus());
});

test("what was refused for good is listed with its reason, and put away", async () => {
  const requests = world(service({ state: "on", account: "mira", not_taken: 1 }));
  const user = await visit("/settings/connections");
  await user.click(await screen.findByText("1 play was refused for good"));
  expect(await screen.findByText("Artist name failed filter")).toBeVisible();
  expect(screen.getByText("Undertow")).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Put the list away" }));
  await waitFor(() => expect(screen.queryByText("Undertow")).toBeNull());
  expect(changes(requests)).toHaveLength(1);
});
