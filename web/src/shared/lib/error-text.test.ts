import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { ApiError } from "@/shared/api/errors";
import { codeText, errorText } from "./error-text";
import { activate, LOCALES } from "./i18n";

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

test("every code that the server may answer has words, in every language", async () => {
  const documented = readFileSync("../docs/reference/errors.md", "utf8");
  const codes = [...documented.matchAll(/^\| `(\w+)` \| \d{3} \|/gm)].map(([, code = ""]) => code);
  expect(codes.length).toBeGreaterThan(100);
  // These two tell how long to wait, which is known with the answer alone.
  const told = codes.filter((code) => code !== "too_many_attempts" && code !== "too_many_requests");
  expect(told.filter((code) => codeText(code) === null)).toEqual([]);
  const english = new Map(told.map((code) => [code, codeText(code)]));
  for (const locale of LOCALES.filter((one) => one !== "en")) {
    await activate(locale);
    expect([locale, told.filter((code) => codeText(code) === english.get(code))]).toEqual([locale, []]);
  }
});
