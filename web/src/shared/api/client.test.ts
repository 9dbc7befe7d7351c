import { afterEach, expect, test, vi } from "vitest";
import { session } from "@/shared/lib/session";
import { signedIn } from "@/testing/music";
import { problem, serve } from "@/testing/server";
import { adoptOldSession, api, data, loseSession, signOut } from "./client";
import { ApiError, NetworkError } from "./errors";

const KEY = "antiphon.session";
const renewal = { tokens: null, csrf_token: "csrf-1", expires_in: 900 };

afterEach(() => {
  session.end();
  vi.unstubAllGlobals();
});

const about = () => data(api.GET("/api/v1/about"));
const rename = () => data(api.PUT("/api/v1/users/me", { body: { display_name: "Mira" } }));
const paths = (requests: Request[]) => requests.map((request) => new URL(request.url).pathname.replace("/api/v1", ""));

test("a guest shows nothing", async () => {
  const { requests } = serve({ "GET /api/v1/about": () => ({ body: { name: "Antiphon" } }) });
  await about();
  expect(requests[0]?.headers.has("Authorization")).toBe(false);
  expect(requests[0]?.headers.has("X-CSRF-Token")).toBe(false);
});

test("no token is where a script could read it", () => {
  session.start(signedIn({ csrf_token: "csrf-7" }));
  expect(Object.keys(JSON.parse(localStorage.getItem(KEY) ?? "{}") as object).sort()).toEqual([
    "csrfToken",
    "expiresAt",
    "userId",
  ]);
});

test("what changes something carries the session's sign, what reads does not", async () => {
  session.start(signedIn());
  const { requests } = serve({
    "GET /api/v1/about": () => ({ body: { name: "Antiphon" } }),
    "PUT /api/v1/users/me": () => ({ body: { display_name: "Mira" } }),
  });
  await about();
  await rename();
  expect(requests.map((request) => request.headers.get("X-CSRF-Token"))).toEqual([null, "csrf-1"]);
});

test("sign-ins ask for cookies", async () => {
  const { requests } = serve({ "POST /api/v1/auth/login": () => ({ body: signedIn() }) });
  await api.POST("/api/v1/auth/login", { body: { email: "mira@example.org", password: "right" } });
  expect(requests[0]?.headers.get("Antiphon-Session")).toBe("cookie");
});

test("a session that is about to end is renewed once for all requests that need it", async () => {
  session.start(signedIn({ expires_in: 5 }));
  const { requests } = serve({
    "GET /api/v1/about": () => ({ body: { name: "Antiphon" } }),
    "POST /api/v1/auth/refresh": () => ({ body: renewal }),
  });
  await Promise.all([about(), about(), about()]);
  const renewals = requests.filter((request) => request.url.endsWith("/auth/refresh"));
  expect(renewals).toHaveLength(1);
  expect(renewals[0]?.headers.get("Antiphon-Session")).toBe("cookie");
  expect(await renewals[0]?.json()).toEqual({});
  expect(session.get()?.expiresAt).toBeGreaterThan(Date.now() + 800_000);
});

test("a refused session is renewed and the request repeated with its body", async () => {
  session.start(signedIn());
  let renewed = false;
  const { requests } = serve({
    "PUT /api/v1/users/me": () => (renewed ? { body: { display_name: "Mira" } } : problem(401, "unauthenticated")),
    "POST /api/v1/auth/refresh": () => {
      renewed = true;
      return { body: renewal };
    },
  });
  expect((await rename()).display_name).toBe("Mira");
  expect(await requests.at(-1)?.json()).toEqual({ display_name: "Mira" });
});

test("a wrong password is not sent twice", async () => {
  session.start(signedIn());
  const { requests } = serve({ "POST /api/v1/auth/login": () => problem(401, "bad_credentials") });
  const body = { email: "mira@example.org", password: "wrong" };
  await expect(data(api.POST("/api/v1/auth/login", { body }))).rejects.toMatchObject({ code: "bad_credentials" });
  expect(paths(requests)).toEqual(["/auth/login"]);
});

test("a sign that has gone stale is asked for anew", async () => {
  session.start(signedIn({ csrf_token: "stale" }));
  const { requests } = serve({
    "PUT /api/v1/users/me": (request) =>
      request.headers.get("X-CSRF-Token") === "csrf-2" ? { body: {} } : problem(403, "csrf_refused"),
    "GET /api/v1/auth/session": () => ({ body: signedIn({ csrf_token: "csrf-2" }) }),
  });
  await rename();
  expect(paths(requests)).toEqual(["/users/me", "/auth/session", "/users/me"]);
});

test("what another tab renewed is taken over instead of renewing again", async () => {
  session.start(signedIn({ expires_in: 5 }));
  const elsewhere = { csrfToken: "csrf-1", userId: "usr_1", expiresAt: Date.now() + 900_000 };
  localStorage.setItem(KEY, JSON.stringify(elsewhere));
  const { requests } = serve({ "GET /api/v1/about": () => ({ body: { name: "Antiphon" } }) });
  await about();
  expect(paths(requests)).toEqual(["/about"]);
  expect(session.get()).toEqual(elsewhere);
});

test("a session that the server has ended ends here, and its cookies with it", async () => {
  session.start(signedIn({ expires_in: 5 }));
  const { requests } = serve({
    "GET /api/v1/about": () => ({ body: { name: "Antiphon" } }),
    "POST /api/v1/auth/refresh": () => problem(401, "invalid_refresh_token"),
    "POST /api/v1/auth/logout": () => ({ status: 204 }),
  });
  await about();
  expect(session.signedIn()).toBe(false);
  expect(session.endReason()).toBe("expired");
  expect(paths(requests)).toContain("/auth/logout");
});

test("a failing server does not sign anybody out", async () => {
  session.start(signedIn({ expires_in: 5 }));
  serve({ "POST /api/v1/auth/refresh": () => problem(503, "busy") });
  await expect(about()).rejects.toMatchObject({ status: 503 });
  expect(session.signedIn()).toBe(true);
});

test("a session in the cookies that this device forgot is taken up again", async () => {
  serve({
    "GET /api/v1/users/me": () =>
      session.signedIn() ? { body: { display_name: "Mira" } } : problem(401, "unauthenticated"),
    "GET /api/v1/auth/session": () => ({ body: signedIn() }),
  });
  await data(api.GET("/api/v1/users/me"));
  expect(session.get()?.userId).toBe("usr_1");
});

test("dead cookies do not stand in a guest's way", async () => {
  let dead = true;
  serve({
    "GET /api/v1/about": () => (dead ? problem(401, "unauthenticated") : { body: { name: "Antiphon" } }),
    "GET /api/v1/auth/session": () => problem(401, "unauthenticated"),
    "POST /api/v1/auth/logout": () => {
      dead = false;
      return { status: 204 };
    },
  });
  expect((await about()).name).toBe("Antiphon");
  expect(session.signedIn()).toBe(false);
});

test("why a session ended is told to every tab", () => {
  session.start(signedIn());
  serve({ "POST /api/v1/auth/logout": () => ({ status: 204 }) });
  loseSession("suspended");
  expect(session.endReason()).toBe("suspended");
  expect(JSON.parse(localStorage.getItem(KEY) ?? "{}")).toEqual({ ended: "suspended" });
  session.start(signedIn());
  expect(session.endReason()).toBeNull();
});

test("signing out needs the server, for only it can take the cookies back", async () => {
  session.start(signedIn());
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(signOut()).rejects.toBeInstanceOf(NetworkError);
  expect(session.signedIn()).toBe(true);
  serve({ "POST /api/v1/auth/logout": () => ({ status: 204 }) });
  await signOut();
  expect(session.signedIn()).toBe(false);
  expect(localStorage.getItem(KEY)).toBeNull();
});

const claims = btoa(JSON.stringify({ sub: "usr_9" }));
const old = { accessToken: `x.${claims}.y`, refreshToken: "refresh-1", expiresAt: 1 };

test("tokens of an earlier version move into cookies and are erased", async () => {
  localStorage.setItem(KEY, JSON.stringify(old));
  const { requests } = serve({ "POST /api/v1/auth/refresh": () => ({ body: renewal }) });
  await adoptOldSession();
  expect(await requests[0]?.json()).toEqual({ refresh_token: "refresh-1" });
  expect(session.get()).toMatchObject({ csrfToken: "csrf-1", userId: "usr_9" });
  expect(localStorage.getItem(KEY)).not.toContain("refresh-1");
});

test("tokens of an earlier version that no longer hold are erased", async () => {
  localStorage.setItem(KEY, JSON.stringify(old));
  serve({ "POST /api/v1/auth/refresh": () => problem(401, "invalid_refresh_token") });
  await adoptOldSession();
  expect(localStorage.getItem(KEY)).toBeNull();
});

test("without a connection they wait for the next visit", async () => {
  localStorage.setItem(KEY, JSON.stringify(old));
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await adoptOldSession();
  expect(localStorage.getItem(KEY)).toContain("refresh-1");
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
