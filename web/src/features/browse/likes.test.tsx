import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { queryClient } from "@/shared/lib/query";
import { session } from "@/shared/lib/session";
import { visit } from "@/testing/app";
import { expectAccessible } from "@/testing/axe";
import { album, albumCard, artist, me, signedIn, track } from "@/testing/music";
import { type Handler, problem, serve } from "@/testing/server";

afterEach(() => {
  act(() => session.end());
  queryClient.clear();
  vi.unstubAllGlobals();
});

type Kind = "track" | "album" | "artist";

const works: Record<Kind, object> = {
  track: track({ playable: false, because: "embargo" }),
  album: albumCard({ playable: false, because: "not_in_territory" }),
  artist: artist(),
};

function like(kind: Kind) {
  const none = { track: null, album: null, artist: null };
  return { id: `${kind}_1`, kind, liked_at: "2026-11-25T20:00:00Z", ...none, [kind]: works[kind] };
}

function world(liked: Set<string>, extra: Record<string, Handler> = {}) {
  return serve({
    "GET /api/v1/users/me": () => ({ body: me() }),
    "GET /api/v1/albums/alb_1": () => ({ body: album() }),
    "GET /api/v1/social/marks": (request) => ({
      body: new URL(request.url).searchParams
        .getAll("content_id")
        .map((id) => ({ id, liked_at: liked.has(id) ? "2026-11-25T20:00:00Z" : null, rating: null, likes: 0 })),
    }),
    "PUT /api/v1/social/likes/alb_1": () => {
      liked.add("alb_1");
      return { status: 204 };
    },
    "DELETE /api/v1/social/likes/alb_1": () => {
      liked.delete("alb_1");
      return { status: 204 };
    },
    ...extra,
  });
}

test("a heart is pressed and let go by keyboard, and rows ask in one request", async () => {
  session.start(signedIn());
  const { requests } = world(new Set());
  const user = await visit("/albums/alb_1");
  const title = album().title;
  const [heart] = await screen.findAllByRole("button", { name: `Like ${title}` });
  if (!heart) throw new Error("no heart");
  expect(heart).toHaveAttribute("aria-pressed", "false");
  expect(requests.filter((one) => one.url.includes("/social/marks"))).toHaveLength(1);
  heart.focus();
  await user.keyboard(" ");
  await waitFor(() => expect(heart).toHaveAttribute("aria-pressed", "true"));
  expect(requests.some((one) => one.method === "PUT" && one.url.endsWith("/social/likes/alb_1"))).toBe(true);
  await user.keyboard("{Enter}");
  await waitFor(() => expect(heart).toHaveAttribute("aria-pressed", "false"));
});

test("a heart that the server refuses empties again and says so", async () => {
  session.start(signedIn());
  world(new Set(), { "PUT /api/v1/social/likes/alb_1": () => problem(503, "busy") });
  const user = await visit("/albums/alb_1");
  const [heart] = await screen.findAllByRole("button", { name: `Like ${album().title}` });
  if (!heart) throw new Error("no heart");
  await user.click(heart);
  await waitFor(() => expect(heart).toHaveAttribute("aria-pressed", "false"));
});

test("guests see no hearts", async () => {
  world(new Set());
  await visit("/albums/alb_1");
  expect(await screen.findByRole("heading", { name: album().title })).toBeVisible();
  expect(screen.queryByRole("button", { name: /^Like / })).toBeNull();
});

test("what is liked stands on one page, by kind, and says why it is not heard here", async () => {
  session.start(signedIn());
  world(new Set(), {
    "GET /api/v1/social/likes": (request) => ({
      body: { items: [like(new URL(request.url).searchParams.get("kind") as Kind)], next: null },
    }),
  });
  await visit("/liked");
  expect(await screen.findByRole("heading", { name: "Liked", level: 1 })).toBeVisible();
  for (const name of ["Tracks", "Albums", "Artists"]) expect(screen.getByRole("heading", { name })).toBeVisible();
  for (const why of ["Not out yet in your country", "Not available in your country"]) {
    expect(screen.getByText(why)).toBeVisible();
  }
  for (const work of [track(), albumCard()]) {
    expect(screen.getByRole("button", { name: `Play ${work.title}` })).toBeDisabled();
  }
  await expectAccessible();
});

test("an empty page says how to fill it", async () => {
  session.start(signedIn());
  world(new Set(), { "GET /api/v1/social/likes": () => ({ body: { items: [], next: null } }) });
  await visit("/liked");
  expect(await screen.findByText("Nothing liked yet")).toBeVisible();
});
