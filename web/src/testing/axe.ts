import axe from "axe-core";
import { expect } from "vitest";

/**
 * No violation of WCAG 2.2 A and AA in what is shown. jsdom neither paints nor knows media queries: colours, and the
 * two navigations of which one is always hidden, are looked at in a browser. The announcer of React Aria is spoken only.
 */
export async function expectAccessible(): Promise<void> {
  const context = { include: [["html"]], exclude: [["[data-live-announcer]"]] };
  const { violations } = await axe.run(context, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    rules: { "color-contrast": { enabled: false }, "landmark-unique": { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((one) => one.html).join(" ")}`)).toEqual([]);
}
