import { expect, it } from "vitest";
import { type Copy, type Told, withChanges } from "./copy";
import replays from "./replays.json";

/** Written by `tests/domains/playback/test_queue_replays.py`, which asks the server's own model. */
const cases = replays as unknown as { before: Copy; changes: Told; after: Copy }[];

it("makes of events the queue that is fetched afresh, over random lists of commands", () => {
  expect(cases.length).toBeGreaterThan(30);
  for (const { before, changes, after } of cases) {
    const found = withChanges(before, changes);
    expect(found?.entries.map(({ id }) => id)).toEqual(after.entries.map(({ id }) => id));
    expect(found?.head).toEqual(after.head);
    expect(found?.revision).toBe(after.revision);
  }
  expect(cases.some(({ changes }) => changes.order !== null)).toBe(true);
});
