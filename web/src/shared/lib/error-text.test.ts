import { afterEach, expect, test } from "vitest";
import { ApiError } from "@/shared/api/errors";
import { errorText } from "./error-text";
import { activate } from "./i18n";

afterEach(() => activate("en"));

const tooMany = (code: string, retry_after_s: number) =>
  new ApiError({ status: 429, code, detail: "Too many.", retry_after_s } as { status: number });

test("a wait is told in words", async () => {
  expect(errorText(tooMany("too_many_attempts", 2))).toBe(
    "Too many attempts from here. Wait 2 seconds, then try again.",
  );
  expect(errorText(tooMany("too_many_requests", 601))).toBe("Too many requests. Wait 11 minutes, then try again.");
  await activate("de");
  expect(errorText(tooMany("too_many_attempts", 1))).toMatch(/1 Sekunde/);
});

test("a code without words of ours shows the server's", () => {
  expect(errorText(new ApiError({ status: 429, code: "too_many_requests", detail: "Too many." }))).toBe("Too many.");
  expect(errorText(new Error("inner workings"))).toBe("Something went wrong. Try again.");
});
