import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeAll } from "vitest";
import * as catalogues from "@/app/catalogues";
import { activate } from "@/shared/lib/i18n";

// Pages are loaded when they are first shown, which takes a while on a busy machine.
configure({ asyncUtilTimeout: 60_000 });

// What jsdom has not got and the components ask for.
window.matchMedia ??= (media) =>
  ({ matches: false, media, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
window.scrollTo = () => undefined;
Element.prototype.scrollIntoView ??= () => undefined;
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

beforeAll(async () => {
  await Promise.all(Object.values(catalogues).map((add) => add()));
  await activate("en");
});

afterEach(() => {
  cleanup();
  localStorage.clear();
});
