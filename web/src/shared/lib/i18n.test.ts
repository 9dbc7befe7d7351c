import { afterEach, expect, test } from "vitest";
import { activate, preferredLocale } from "./i18n";

afterEach(() => activate("en"));

test.each([
  [["pt-BR", "fr-CA", "en"], "fr"],
  [["iw-IL"], "he"],
  [["AR-eg"], "ar"],
  [["xx"], "en"],
  [[], "en"],
] as const)("a browser that speaks %j is answered in %s", (languages, locale) => {
  expect(preferredLocale(null, languages)).toBe(locale);
});

test("the person's own choice comes first", () => {
  expect(preferredLocale("ja", ["de"])).toBe("ja");
});

test("a right-to-left language turns the page around", async () => {
  await activate("ar");
  expect(document.documentElement).toHaveAttribute("dir", "rtl");
  expect(document.documentElement).toHaveAttribute("lang", "ar");
  await activate("es");
  expect(document.documentElement).toHaveAttribute("dir", "ltr");
});
