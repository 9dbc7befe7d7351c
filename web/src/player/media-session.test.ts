import { beforeEach, expect, it, vi } from "vitest";
import { MediaKeys } from "./media-session";

const pressed = new Map<string, () => void>();
const screen = {
  metadata: null as { title: string } | null,
  playbackState: "none",
  setActionHandler: (action: string, handler: () => void) => pressed.set(action, handler),
  setPositionState: vi.fn(),
};

beforeEach(() => {
  Object.defineProperty(navigator, "mediaSession", { value: screen, configurable: true });
  vi.stubGlobal("MediaMetadata", function (this: object, init: object) {
    Object.assign(this, init);
  });
});

function keys(name: string, heard: string[]): MediaKeys {
  const says = (what: string) => () => void heard.push(`${name} ${what}`);
  const acts = { play: says("plays"), pause: says("pauses"), next: says("next"), previous: says("previous") };
  const one = new MediaKeys({ ...acts, seek: says("seeks"), stop: says("stops"), positionMs: () => 0 });
  one.describe({ title: name, artist: { name: "" }, album: null, cover: null });
  return one;
}

it("belongs to the last one that took it, and shows what that one says, whoever else speaks", () => {
  const heard: string[] = [];
  const [player, room, radio] = [keys("player", heard), keys("room", heard), keys("radio", heard)];
  room.take();
  player.takeIfFree();
  expect(screen.metadata?.title).toBe("room");
  radio.take();
  player.describe(null);
  player.tell({ playing: true, hasTrack: true, positionMs: 1, durationMs: 2, speed: 1 });
  expect([screen.metadata?.title, screen.playbackState]).toEqual(["radio", "none"]);
  room.giveBack();
  pressed.get("pause")?.();
  radio.giveBack();
  pressed.get("pause")?.();
  expect(heard).toEqual(["radio pauses", "player pauses"]);
  expect([screen.metadata, screen.playbackState]).toEqual([null, "playing"]);
  player.giveBack();
});
