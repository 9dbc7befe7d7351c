/** What the keys of a keyboard, of headphones and of the lock screen do in a room, by who presses them. */
import { render } from "@testing-library/react";
import { I18nProvider } from "@lingui/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { i18n } from "@lingui/core";
import type { Jam, JamCommand } from "@/shared/api/types";
import { allCommands } from "@/shared/lib/commands";
import { session } from "@/shared/lib/session";
import { comesTrue } from "@/testing/patience";
import { serve } from "@/testing/server";
import { useJamCommands } from "./commands";
import { room } from "./session";
import { useJam } from "./store";

const PATH = "/api/v1/jams/jam-1/commands";
const told: JamCommand[] = [];
const pressed = new Map<string, (details: object) => void>();
const screen = {
  metadata: null as { title: string } | null,
  playbackState: "none",
  setActionHandler: (action: string, handler: (details: object) => void) => pressed.set(action, handler),
  setPositionState: vi.fn(),
};
Object.defineProperty(navigator, "mediaSession", { value: screen, configurable: true });
globalThis.MediaMetadata = class {
  constructor(readonly init: MediaMetadataInit) {}
  get title(): string | undefined {
    return this.init.title;
  }
} as unknown as typeof MediaMetadata;

function jam(role: Jam["role"], everybodyControls = false): Jam {
  const track = { id: "trk_1", title: "Drift", artist: { id: "art_1", name: "Brine" }, album: null, cover: null };
  const entry = { id: "e1", content_id: "trk_1", duration_ms: 60_000, silent_because: null, added_by: null };
  return {
    id: "jam-1",
    revision: 1,
    role,
    head: { current: "e1", playing: true, position_ms: 0, at: "2026-01-01T00:00:00Z" },
    current: { ...entry, track, score: 0, my_vote: 0 },
    coming: [],
    members: [{ user_id: "usr_1", skips: false, here: true }],
    options: { everybody_adds: true, everybody_controls: everybodyControls, by_votes: false },
  } as unknown as Jam;
}

function Keys({ of }: { of: Jam }) {
  useJamCommands(of);
  return null;
}

async function inRoom(of: Jam): Promise<void> {
  room.enter(of, of.role === null ? "code" : null);
  render(
    <I18nProvider i18n={i18n}>
      <Keys of={of} />
    </I18nProvider>,
  );
  await room.prepare();
  room.listen();
  await comesTrue(() => expect(pressed.size).toBeGreaterThan(0));
  useJam.setState({ sound: "playing" });
}

/** As the shell finds it. */
const press = (key: string): void =>
  allCommands()
    .findLast((one) => one.keys?.includes(key))
    ?.run();
const media = (action: string, details = {}): void => pressed.get(action)?.(details);

/** What has arrived at the server. */
async function arrived(...wanted: JamCommand[]): Promise<void> {
  await comesTrue(() => expect(told).toHaveLength(wanted.length));
  await new Promise((resolve) => setTimeout(resolve));
  expect(told).toEqual(wanted);
}

beforeEach(() => {
  room.forget();
  session.start({ user: { id: "usr_1" }, csrf_token: "x", expires_in: 900 });
  pressed.clear();
  told.length = 0;
  serve({
    [`POST ${PATH}`]: async (request) => {
      told.push(...((await request.json()) as { commands: JamCommand[] }).commands);
      return { body: useJam.getState().jam };
    },
  });
});

describe("keys in a room", () => {
  it("drive it for everybody, where one is its host", async () => {
    await inRoom(jam("host"));
    press("space");
    await arrived({ kind: "pause" });
    media("pause");
    press("n");
    media("seekto", { seekTime: 12 });
    await arrived(
      { kind: "pause" },
      { kind: "pause" },
      { kind: "next", entry: "e1" },
      { kind: "seek", entry: "e1", position_ms: 12_000 },
    );
  });

  it("are for what one hears oneself, where one only listens; what is next is asked for", async () => {
    await inRoom(jam("listener"));
    press("space");
    media("play");
    media("pause");
    press("l");
    press("left");
    media("seekto", { seekTime: 12 });
    media("seekforward");
    media("previoustrack");
    media("nexttrack");
    await arrived({ kind: "skip", entry: "e1", wanted: true });
  });

  it("drive it for a listener where the host lets everybody", async () => {
    await inRoom(jam("listener", true));
    media("pause");
    media("seekto", { seekTime: 20 });
    await arrived({ kind: "pause" }, { kind: "seek", entry: "e1", position_ms: 20_000 });
  });

  it("ask for nothing in a guest's name", async () => {
    await inRoom(jam(null));
    media("nexttrack");
    press("n");
    press("l");
    media("pause");
    media("seekto", { seekTime: 12 });
    await arrived();
  });
});

describe("the lock screen", () => {
  it("names what the room plays as long as the keys are the room's", async () => {
    await inRoom(jam("listener"));
    room.take({ ...jam("listener"), revision: 2 });
    expect([screen.metadata?.title, screen.playbackState]).toEqual(["Drift", "playing"]);
    room.take({ ...jam("listener"), revision: 3, head: { ...jam("listener").head, playing: false } });
    expect(screen.playbackState).toBe("paused");
    room.forget();
    expect(screen.metadata).toBeNull();
  });
});
