import { act, screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { session } from "@/shared/lib/session";
import { visit } from "@/testing/app";
import { expectAccessible } from "@/testing/axe";
import { me, signedIn } from "@/testing/music";
import { problem, serve } from "@/testing/server";

const admin = () => ({ body: { ...me(), roles: ["admin"] } });
const app = (more: object = {}) => ({
  id: "app_1",
  name: "Pocket",
  redirect_uris: ["http://127.0.0.1/back"],
  confidential: false,
  created_at: "2026-05-01T12:00:00Z",
  secret: null,
  ...more,
});

afterEach(() => {
  act(() => {
    session.end();
  });
  vi.unstubAllGlobals();
});

test("the first app is registered, and its secret shown once", async () => {
  const apps: object[] = [];
  const { requests } = serve({
    "GET /api/v1/users/me": admin,
    "GET /api/v1/apps": () => ({ body: apps }),
    "POST /api/v1/apps": () => {
      apps.push(app({ confidential: true }));
      return { status: 201, body: app({ confidential: true, secret: "hush" }) };
    },
  });
  session.start(signedIn());
  const user = await visit("/admin/apps");
  expect(await screen.findByText("No app is registered")).toBeVisible();
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Register an app" }));
  expect(screen.getByRole("button", { name: "Register" })).toBeDisabled();
  await user.keyboard("Pocket{Tab}http://127.0.0.1/back{Enter}pocket.app:/back{Tab} ");
  await user.click(screen.getByRole("button", { name: "Register" }));
  const secret = await screen.findByRole("alertdialog", { name: "The secret of the app" });
  expect(within(secret).getByText("hush")).toBeVisible();
  await user.click(within(secret).getByRole("button", { name: "I have kept it" }));
  expect(screen.queryByText("hush")).toBeNull();
  expect(await screen.findByText("On a server")).toBeVisible();
  const sent = requests.find((request) => request.method === "POST");
  expect(await sent?.json()).toEqual({
    name: "Pocket",
    redirect_uris: ["http://127.0.0.1/back", "pocket.app:/back"],
    confidential: true,
  });
});

test("a list that does not come says why", async () => {
  serve({ "GET /api/v1/users/me": admin, "GET /api/v1/apps": () => problem(403, "forbidden") });
  session.start(signedIn());
  await visit("/admin/apps");
  expect(await screen.findByText("The list cannot be shown")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Register an app" })).toBeNull();
});
