import { afterEach, expect, test, vi } from "vitest";
import { newUuid } from "./uuid";

const VERSION_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

afterEach(() => {
  vi.unstubAllGlobals();
});

test("makes version 4 with and without the browser's own maker", () => {
  expect(newUuid()).toMatch(VERSION_4);
  const getRandomValues = crypto.getRandomValues.bind(crypto);
  vi.stubGlobal("crypto", { getRandomValues });
  const made = new Set(Array.from({ length: 100 }, newUuid));
  expect(made.size).toBe(100);
  for (const uuid of made) expect(uuid).toMatch(VERSION_4);
});
