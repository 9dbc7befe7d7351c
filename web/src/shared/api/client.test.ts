import { afterEach, expect, test, vi } from "vitest";
import { session } from "@/shared/lib/session";
import { tokens } from "@/testing/music";
import { problem, serve } from "@/testing/server";
import { api, data } from "./client";
import { ApiError, NetworkError } from "./errors";

afterEach(() => {
  session.end();
  vi.unstubAllGlobals();
});

const about = () => data(api.GET("/api/v1/about"));

test("a guest asks without a token", async () => {
  const { requests } = serve({ "GET /api/v1/about": () => ({ body: { name: "Antiphon" } }) });
  await about();
  expect(requests[0]?.headers.has("Authorization")).toBe(false);
});

test("a token that is about to end is renewed once for all requests that need it", async () => {
  session.start(tokens({ expires_in: 5 }));
  const { requests } = serve({
    "GET /api/v1/about": () => ({ body: { name: "Antiphon" } }),
    "POST /api/v1/auth/refresh": () => ({
      body: { tokens: tokens({ access_token: "access-2", refresh_token: "refresh-2" }) },
    }),
  });
  await Promise.all([about(), about(), about()]);
  const renewals = requests.filter((request) => request.url.endsWith("/auth/refresh"));
  expect(renewals).toHaveLength(1);
  expect(await renewals[0]?.json()).toEqual({ refresh_token: "refresh-1" });
  const others = requests.filter((request) => request.url.endsWith("/about"));
  expect(others.map((request) => request.headers.get("Authorization"))).toEqual(Array(3).fill("Bearer access-2"));
});

test("a refused token is renewed and the request repeated with its body", async () => {
  session.start(tokens());
  const { requests } = serve({
    "PUT /api/v1/users/me": (request) =>
      request.headers.get("Authorization") === "Bearer access-2"
        ? { body: { display_name: "Mira" } }
        : problem(401, "unauthenticated"),
    "POST /api/v1/auth/refresh": () => ({ body: { tokens: tokens({ access_token: "access-2" }) } }),
  });
  const saved = await data(api.PUT("/api/v1/users/me", { body: { display_name: "Mira" } }));
  expect(saved.display_name).toBe("Mira");
  expect(await requests.at(-1)?.json()).toEqual({ display_name: "Mira" });
});

test("what another tab renewed is taken over instead of spending the old refresh token again", async () => {
  session.start(tokens({ expires_in: 5 }));
  const stored = { accessToken: "other-tab", refreshToken: "refresh-9", expiresAt: Date.now() + 900_000 };
  localStorage.setItem("antiphon.session", JSON.stringify(stored));
  const { requests } = serve({ "GET /api/v1/about": () => ({ body: { name: "Antiphon" } }) });
  await about();
  expect(requests.map((request) => new URL(request.url).pathname)).toEqual(["/api/v1/about"]);
  expect(requests[0]?.headers.get("Authorization")).toBe("Bearer other-tab");
});

test("a session that the server has ended signs out here", async () => {
  session.start(tokens({ expires_in: 5 }));
  serve({
    "GET /api/v1/about": () => ({ body: { name: "Antiphon" } }),
    "POST /api/v1/auth/refresh": () => problem(401, "invalid_refresh_token"),
  });
  await about();
  expect(session.signedIn()).toBe(false);
});

test("a failing server does not sign anybody out", async () => {
  session.start(tokens({ expires_in: 5 }));
  serve({ "POST /api/v1/auth/refresh": () => problem(503, "busy") });
  await expect(about()).rejects.toMatchObject({ status: 503 });
  expect(session.signedIn()).toBe(true);
});

test("a refusal keeps its code and the fields it complains about", async () => {
  serve({
    "GET /api/v1/about": () => ({
      status: 422,
      body: {
        type: "about:blank",
        title: "Invalid",
        status: 422,
        detail: "No",
        code: "invalid_input",
        errors: [{ pointer: "/email", code: "invalid_email", detail: "Not an address" }],
      },
    }),
  });
  const error = await about().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect((error as ApiError).code).toBe("invalid_input");
  expect((error as ApiError).field("email")?.code).toBe("invalid_email");
});

test("no answer at all is a network error", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(about()).rejects.toBeInstanceOf(NetworkError);
});
