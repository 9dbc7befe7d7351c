import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "@/shared/api/client";
import { queryClient } from "@/shared/lib/query";
import { session } from "@/shared/lib/session";
import { address, visit } from "@/testing/app";
import { expectAccessible } from "@/testing/axe";
import { me, signedIn } from "@/testing/music";
import { type Handler, problem, serve } from "@/testing/server";

type Offers = { registration: "open" | "invitation" | "closed"; mail: boolean };

function world(offers: Partial<Offers>, extra: Record<string, Handler> = {}) {
  const body = {
    password: true,
    registration: "open",
    mail: true,
    passkeys: false,
    wallet: false,
    providers: [],
    ...offers,
  };
  return serve({
    "GET /api/v1/auth/methods": () => ({ body }),
    "GET /api/v1/users/me": () => ({ body: me() }),
    "GET /api/v1/content/discover": () => ({
      body: { fresh_albums: [], fresh_tracks: [], popular_tracks: [], artists: [] },
    }),
    ...extra,
  });
}

const sent = async (requests: Request[], path: string): Promise<unknown> =>
  requests.findLast((request) => request.url.endsWith(path))?.json();

async function fillIn(user: Awaited<ReturnType<typeof visit>>) {
  await user.type(await screen.findByLabelText(/^Name/), "Mira");
  await user.type(screen.getByLabelText(/^Email/), "mira@example.org");
  await user.type(screen.getByLabelText(/^Password/), "correct horse battery");
}

afterEach(async () => {
  act(() => session.end());
  queryClient.clear();
  vi.unstubAllGlobals();
});

test("where nobody can join, the page says so and offers no form", async () => {
  world({ registration: "closed" });
  await visit("/sign-up");
  expect(await screen.findByRole("heading", { name: "Nobody can join right now" })).toBeVisible();
  expect(screen.queryByLabelText(/^Email/)).not.toBeInTheDocument();
  await expectAccessible();
});

test("where people come by invitation, the code is asked for", async () => {
  const { requests } = world(
    { registration: "invitation" },
    { "POST /api/v1/auth/register": () => problem(403, "invitation_needed") },
  );
  const user = await visit("/sign-up");
  const code = await screen.findByLabelText(/^Invitation code/);
  await fillIn(user);
  await user.click(screen.getByRole("button", { name: "Create an account" }));
  expect(code).toHaveAccessibleDescription("Paste the code that you were given.");
  await user.type(code, "wrong");
  await user.click(screen.getByRole("button", { name: "Create an account" }));
  await waitFor(() => expect(code).toHaveAccessibleDescription(/This invitation does not hold/));
  expect(await sent(requests, "/auth/register")).toMatchObject({ invitation: "wrong" });
});

test("an invitation's link brings its code along and leaves it nowhere", async () => {
  const { requests } = world(
    { registration: "invitation" },
    { "POST /api/v1/auth/register": () => ({ status: 201, body: signedIn() }) },
  );
  const user = await visit("/sign-up#invitation=once-only");
  expect(await screen.findByRole("heading", { name: "You are invited" })).toBeVisible();
  expect(window.location.hash).toBe("");
  expect(screen.queryByLabelText(/^Invitation code/)).not.toBeInTheDocument();
  await fillIn(user);
  await user.click(screen.getByRole("button", { name: "Create an account" }));
  await waitFor(() => expect(session.signedIn()).toBe(true));
  expect(await sent(requests, "/auth/register")).toMatchObject({ invitation: "once-only" });
});

test("an account that a letter has to confirm first is not signed in", async () => {
  world({}, { "POST /api/v1/auth/register": () => ({ status: 202, body: { state: "check_mail" } }) });
  const user = await visit("/sign-up");
  await fillIn(user);
  await user.click(screen.getByRole("button", { name: "Create an account" }));
  expect(await screen.findByRole("heading", { name: "Look into your mail" })).toBeVisible();
  expect(screen.getByText("mira@example.org")).toBeVisible();
  expect(session.signedIn()).toBe(false);
  await expectAccessible();
});

test("a forgotten password is answered alike, whoever asks", async () => {
  world({}, { "POST /api/v1/auth/password/forgot": () => ({ status: 202, body: { state: "check_mail" } }) });
  const user = await visit("/sign-in");
  await user.click(await screen.findByRole("link", { name: "Forgot your password?" }));
  await user.type(await screen.findByLabelText(/^Email/), "nobody@example.org{Enter}");
  expect(await screen.findByRole("heading", { name: "Look into your mail" })).toBeVisible();
});

test("where no letter can be sent, a forgotten password has another way", async () => {
  world({ mail: false });
  await visit("/forgot-password");
  expect(await screen.findByText(/This place sends no mail/)).toBeVisible();
  expect(screen.queryByLabelText(/^Email/)).not.toBeInTheDocument();
});

test("a letter's link sets a new password once", async () => {
  let used = false;
  const { requests } = world(
    {},
    {
      "POST /api/v1/auth/password/reset": () => {
        if (used) return problem(410, "invalid_link");
        used = true;
        return { body: signedIn() };
      },
    },
  );
  const user = await visit("/reset-password#reset_password=t0ken");
  await user.type(await screen.findByLabelText(/^New password/), "short{Enter}");
  expect(screen.getByLabelText(/^New password/)).toHaveAccessibleDescription("Use at least 8 characters.");
  await user.type(screen.getByLabelText(/^New password/), " but longer{Enter}");
  await waitFor(() => expect(session.signedIn()).toBe(true));
  expect(await sent(requests, "/auth/password/reset")).toEqual({ token: "t0ken", password: "short but longer" });
});

test("a link that was used says so and leads on", async () => {
  world({}, { "POST /api/v1/auth/password/reset": () => problem(410, "invalid_link") });
  const user = await visit("/reset-password#reset_password=old");
  await user.type(await screen.findByLabelText(/^New password/), "long enough{Enter}");
  expect(await screen.findByRole("heading", { name: "This link does not work" })).toBeVisible();
  expect(screen.getByRole("link", { name: "Ask for a new one" })).toHaveAttribute("href", "/forgot-password");
});

test("a letter's link finishes an account when its owner says so, with another handle where theirs was taken", async () => {
  const { requests } = world(
    {},
    {
      "POST /api/v1/auth/email/verify": async (request) => {
        const { handle } = (await request.json()) as { handle?: string };
        return handle === "mira2" ? { body: signedIn() } : problem(409, "handle_taken");
      },
    },
  );
  const user = await visit("/verify-email#sign_up=t0ken");
  const button = await screen.findByRole("button", { name: "Confirm and sign in" });
  expect(requests.some((request) => request.url.endsWith("/email/verify"))).toBe(false);
  await user.click(button);
  await user.type(await screen.findByLabelText(/^Handle/), "Mira2");
  await user.click(screen.getByRole("button", { name: "Confirm and sign in" }));
  await waitFor(() => expect(session.signedIn()).toBe(true));
  expect(await sent(requests, "/email/verify")).toEqual({ token: "t0ken", kind: "sign_up", handle: "mira2" });
});

test("a suspended person reads why and until when", async () => {
  world(
    {},
    {
      "POST /api/v1/auth/login": () => ({
        status: 403,
        body: {
          type: "about:blank",
          title: "This account is suspended",
          status: 403,
          code: "account_suspended",
          detail: "Sold plays.",
          until: "2026-12-01T12:00:00Z",
        },
      }),
    },
  );
  const user = await visit("/sign-in");
  await user.type(await screen.findByLabelText(/^Email/), "mira@example.org");
  await user.type(screen.getByLabelText(/^Password/), "right{Enter}");
  expect(await screen.findByText("This account is suspended until December 1, 2026: Sold plays.")).toBeVisible();
});

test("a password that is right but not enough leads to the second step, and on to where one wanted to go", async () => {
  const refusal = { type: "", title: "", detail: "", status: 401, code: "second_factor_needed" };
  world({}, { "POST /api/v1/auth/login": () => ({ status: 401, body: { ...refusal, ticket: "t1", methods: ["x"] } }) });
  const user = await visit("/sign-in?next=%2Fgenres");
  await user.type(await screen.findByLabelText(/^Email/), "mira@example.org");
  await user.type(screen.getByLabelText(/^Password/), "right{Enter}");
  expect(await screen.findByRole("heading", { name: "One more step" })).toBeVisible();
  expect(address()).toBe("/sign-in/second-factor?next=%2Fgenres");
  expect(within(screen.getByRole("main")).getByRole("link", { name: "Back to sign-in" })).toBeVisible();
});

test("what needs a fresh proof asks for it and then goes on by itself", async () => {
  let proven = false;
  const { requests } = world(
    {},
    {
      "PUT /api/v1/users/me": () => (proven ? { body: me({ display_name: "Mira" }) } : problem(403, "step_up_needed")),
      "POST /api/v1/auth/step-up": async (request) => {
        proven = ((await request.json()) as { password: string }).password === "right";
        return proven ? { body: { access_token: null, expires_in: 900 } } : problem(401, "bad_credentials");
      },
    },
  );
  act(() => session.start(signedIn()));
  const user = await visit("/");
  let answer: Promise<unknown> = Promise.resolve();
  act(() => {
    answer = api.PUT("/api/v1/users/me", { body: { display_name: "Mira" } });
  });
  const dialog = await screen.findByRole("dialog", { name: "Is it still you?" });
  await user.type(within(dialog).getByLabelText(/^Password/), "wrong{Enter}");
  expect(await within(dialog).findByText("This is not your password.")).toBeVisible();
  await user.clear(within(dialog).getByLabelText(/^Password/));
  await user.type(within(dialog).getByLabelText(/^Password/), "right{Enter}");
  await act(() => answer);
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  expect(requests.filter((request) => request.method === "PUT")).toHaveLength(2);
});

test("where a second factor is enrolled, the proof is asked for by that, and never by the password", async () => {
  let proven = false;
  world(
    {},
    {
      "PUT /api/v1/users/me": () =>
        proven
          ? { body: me({ display_name: "Mira" }) }
          : { status: 403, body: { code: "step_up_needed", status: 403, methods: ["recovery", "totp"] } },
      "POST /api/v1/auth/step-up": async (request) => {
        proven = ((await request.json()) as { code: string }).code === "123456";
        return { body: { access_token: null, expires_in: 900 } };
      },
    },
  );
  act(() => session.start(signedIn()));
  const user = await visit("/");
  let answer: Promise<unknown> = Promise.resolve();
  act(() => {
    answer = api.PUT("/api/v1/users/me", { body: { display_name: "Mira" } });
  });
  const dialog = await screen.findByRole("dialog", { name: "Is it still you?" });
  expect(within(dialog).queryByLabelText(/^Password/)).not.toBeInTheDocument();
  expect(within(dialog).getByRole("button", { name: "Recovery code" })).toBeVisible();
  expect(within(dialog).queryByRole("button", { name: "Password" })).not.toBeInTheDocument();
  await user.type(within(dialog).getByLabelText(/^Code/), "123456{Enter}");
  await act(() => answer);
  expect(proven).toBe(true);
});
