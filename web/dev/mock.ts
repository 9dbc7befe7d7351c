import type { Plugin } from "vite";

export function devMock(): Plugin {
  return { name: "antiphon-dev-mock" };
}
