/** Which of a person's devices are here, and on which one the music is. Pure. */
import type { PlayDevice } from "@/shared/api/types";

export type Roster = {
  devices: readonly PlayDevice[];
  /** Where it plays, or played last. */
  active: string | null;
  /** Who shows themselves on the topic; null: not heard yet. */
  shown: ReadonlySet<string> | null;
  /** Who has shown themselves since this page looks. */
  seen: ReadonlySet<string>;
};

export const NOBODY: Roster = { devices: [], active: null, shown: null, seen: new Set() };

export function withDevice(roster: Roster, device: PlayDevice): Roster {
  const others = roster.devices.filter(({ id }) => id !== device.id);
  return { ...roster, devices: [device, ...others], active: device.active ? device.id : roster.active };
}

export function without(roster: Roster, id: string): Roster {
  const devices = roster.devices.filter((device) => device.id !== id);
  return { ...roster, devices, active: roster.active === id ? null : roster.active };
}

export function withShown(roster: Roster, shown: ReadonlySet<string>): Roster {
  return { ...roster, shown, seen: new Set([...roster.seen, ...shown]) };
}

/** By its lease; a browser also shows itself as long as its page is open, so that its end is noticed at once. */
export function isHere(roster: Roster, device: PlayDevice, now: number): boolean {
  if (Date.parse(device.until) <= now) return false;
  const shows = device.kind === "browser" || roster.seen.has(device.id);
  return !shows || roster.shown === null || roster.shown.has(device.id);
}

/** The other device that is to be steered from here: it plays, or it was steered already and still holds the music. */
export function steered(roster: Roster, me: string, before: string | null, now: number): PlayDevice | null {
  const found = roster.devices.find(({ id }) => id === roster.active);
  if (!found || found.id === me || !isHere(roster, found, now)) return null;
  return found.playing || found.id === before ? found : null;
}
