import { describe, expect, it } from "vitest";
import type { PlayDevice } from "@/shared/api/types";
import { isHere, NOBODY, steered, withDevice, without } from "./roster";

const NOON = Date.UTC(2026, 0, 1, 12);
const device = (id: string, more: Partial<PlayDevice> = {}): PlayDevice => ({
  id,
  name: id,
  kind: "browser",
  here: true,
  active: false,
  playing: false,
  volume: 1,
  seen_at: new Date(NOON).toISOString(),
  until: new Date(NOON + 90_000).toISOString(),
  ...more,
});

describe("the devices of a person", () => {
  const kitchen = device("kitchen", { active: true, playing: true });
  const roster = withDevice(withDevice(NOBODY, device("me")), kitchen);

  it("are here as long as their lease, and a browser as long as its page", () => {
    expect(isHere(roster, kitchen, NOON)).toBe(true);
    expect(isHere(roster, kitchen, NOON + 90_000)).toBe(false);
    expect(isHere({ ...roster, shown: new Set() }, kitchen, NOON)).toBe(false);
    expect(isHere({ ...roster, shown: new Set() }, device("box", { kind: "speaker" }), NOON)).toBe(true);
  });

  it("are steered from here while the music is on them", () => {
    expect(steered(roster, "me", null, NOON)?.id).toBe("kitchen");
    expect(steered(roster, "kitchen", null, NOON)).toBeNull();
    const paused = withDevice(roster, device("kitchen", { active: true }));
    expect(steered(paused, "me", null, NOON)).toBeNull();
    expect(steered(paused, "me", "kitchen", NOON)?.id).toBe("kitchen");
  });

  it("do not take the music with them", () => {
    expect(steered(without(roster, "kitchen"), "me", "kitchen", NOON)).toBeNull();
    expect(steered({ ...roster, shown: new Set(["me"]) }, "me", "kitchen", NOON)).toBeNull();
    expect(steered(withDevice(roster, device("me", { active: true })), "me", "kitchen", NOON)).toBeNull();
  });
});
