import { act, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { session } from "@/shared/lib/session";
import { visit } from "@/testing/app";
import { expectAccessible } from "@/testing/axe";
import { me, signedIn } from "@/testing/music";
import { problem, serve } from "@/testing/server";

const PREVIEWS = "/api/v1/notifications/letters/previews";
const kinds = {
  items: [
    { purpose: "verify_email", subject: "Confirm your e-mail address" },
    { purpose: "welcome", subject: "Welcome to Antiphon" },
  ],
};

afterEach(() => {
  act(() => {
    session.end();
  });
  vi.unstubAllGlobals();
});

const frame = () => screen.getByTitle("The letter as mail programs show it");

test("an admin looks at a letter, in another language and as plain text", async () => {
  const { requests } = serve({
    "GET /api/v1/users/me": () => ({ body: { ...me(), roles: ["admin", "fan"] } }),
    [`GET ${PREVIEWS}`]: () => ({ body: kinds }),
    [`GET ${PREVIEWS}/welcome`]: () => ({ body: "Willkommen" }),
  });
  session.start(signedIn());
  const user = await visit("/admin/mail");
  expect(await screen.findByRole("heading", { name: "Letters", level: 1 })).toBeVisible();
  expect(frame()).toHaveAttribute("src", `${PREVIEWS}/verify_email?language=en&format=html`);
  expect(frame()).toHaveAttribute("sandbox", "");

  await user.click(screen.getByRole("button", { name: /Letter$/ }));
  await user.click(await screen.findByRole("option", { name: /^Welcome to Antiphon/ }));
  await user.click(screen.getByRole("button", { name: /Language/ }));
  await user.click(await screen.findByRole("option", { name: "Deutsch" }));
  expect(frame()).toHaveAttribute("src", `${PREVIEWS}/welcome?language=de&format=html`);

  await user.click(screen.getByRole("tab", { name: "Plain text" }));
  expect(await screen.findByText(/Willkommen/)).toBeVisible();
  expect(requests.at(-1)?.url).toContain(`${PREVIEWS}/welcome?language=de&format=text`);
  await expectAccessible();
});

test("who may not see letters is told so", async () => {
  serve({
    "GET /api/v1/users/me": () => ({ body: { ...me(), roles: ["admin"] } }),
    [`GET ${PREVIEWS}`]: () => problem(403, "forbidden"),
  });
  session.start(signedIn());
  await visit("/admin/mail");
  expect(await screen.findByText("The letters cannot be shown")).toBeVisible();
});
