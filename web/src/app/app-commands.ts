import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useJam } from "@/features/jam/store";
import { player, playerSettings, playerStore, SPEEDS, usePlayer } from "@/player";
import { arrow, type Command, useCommands } from "@/shared/lib/commands";
import { setPreferences } from "@/shared/lib/preferences";
import { useSignedIn } from "@/shared/lib/session";
import type { Overlay } from "./shell";
import { SEARCH_BOX_ID } from "./search-box";

const STEP_MS = 10_000;
const ARROW_STEP_MS = 5_000;
const VOLUME_STEP = 0.05;

const moveBy = (ms: number) => {
  const { positionMs, durationMs } = playerStore.getState();
  player.seek(Math.max(0, Math.min(durationMs, positionMs + ms)));
};
const slower = (steps: number) => {
  const { speed } = playerSettings.get();
  const at = SPEEDS.findIndex((one) => one >= speed);
  const next = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, (at < 0 ? SPEEDS.indexOf(1) : at) - steps))];
  if (next !== undefined) playerSettings.set({ speed: next });
};
const louder = (step: number) => {
  const { volume } = playerStore.getState();
  player.setVolume(Math.max(0, Math.min(1, volume + step)));
};
/** The commands that hold on every page. */
export function useAppCommands(open: (overlay: Overlay) => void): void {
  const { t } = useLingui();
  const navigate = useNavigate();
  const signedIn = useSignedIn();
  const hasQueue = usePlayer((state) => state.index >= 0);
  const inRoom = useJam((state) => state.jam !== null);

  const commands = useMemo<Command[]>(() => {
    const playback = t`Playback`;
    const go = t`Go to`;
    const view = t`View`;
    const playing: Command[] = [
      { id: "player.toggle", label: t`Play or pause`, group: playback, keys: ["space", "k"], run: player.toggle },
      { id: "player.next", label: t`Next track`, group: playback, keys: ["n"], run: player.next },
      { id: "player.previous", label: t`Previous track`, group: playback, keys: ["p"], run: player.previous },
      { id: "player.forward", label: t`10 seconds forward`, group: playback, keys: ["l"], run: () => moveBy(STEP_MS) },
      { id: "player.back", label: t`10 seconds back`, group: playback, keys: ["j"], run: () => moveBy(-STEP_MS) },
      {
        id: "player.right",
        label: t`5 seconds to the right`,
        group: playback,
        keys: ["right"],
        run: () => moveBy(arrow("right") * ARROW_STEP_MS),
      },
      {
        id: "player.left",
        label: t`5 seconds to the left`,
        group: playback,
        keys: ["left"],
        run: () => moveBy(arrow("left") * ARROW_STEP_MS),
      },
      {
        id: "player.loop",
        label: t`Loop a passage: mark A, mark B, let go`,
        group: playback,
        keys: ["b"],
        run: player.cycleLoop,
      },
      { id: "player.faster", label: t`Faster`, group: playback, keys: [">"], run: () => slower(-1) },
      { id: "player.slower", label: t`Slower`, group: playback, keys: ["<"], run: () => slower(1) },
      { id: "player.full", label: t`Full-screen player`, group: view, keys: ["f"], run: () => open("player") },
      { id: "player.queue", label: t`Queue`, group: view, keys: ["q"], run: () => open("queue") },
    ];
    const sounding: Command[] = [
      { id: "player.mute", label: t`Mute or unmute`, group: playback, keys: ["m"], run: player.toggleMute },
      { id: "player.louder", label: t`Louder`, group: playback, keys: ["+"], run: () => louder(VOLUME_STEP) },
      { id: "player.softer", label: t`Softer`, group: playback, keys: ["-"], run: () => louder(-VOLUME_STEP) },
      { id: "player.sound", label: t`Sound`, group: view, keys: ["e"], run: () => open("sound") },
    ];
    return [
      // In a room the keys that play are the room's.
      ...(hasQueue && !inRoom ? playing : []),
      ...(hasQueue || inRoom ? sounding : []),
      {
        id: "search",
        label: t`Search`,
        group: go,
        keys: ["/"],
        run: () => document.getElementById(SEARCH_BOX_ID)?.focus(),
      },
      { id: "go.home", label: t`Home`, group: go, run: () => void navigate({ to: "/" }) },
      { id: "go.genres", label: t`Genres`, group: go, run: () => void navigate({ to: "/genres" }) },
      { id: "go.settings", label: t`Settings`, group: go, run: () => void navigate({ to: "/settings" }) },
      { id: "go.about", label: t`About Antiphon`, group: go, run: () => void navigate({ to: "/about" }) },
      ...(signedIn
        ? [
            { id: "go.downloads", label: t`Downloads`, group: go, run: () => void navigate({ to: "/downloads" }) },
            { id: "go.listening", label: t`Listening`, group: go, run: () => void navigate({ to: "/listening" }) },
            { id: "go.radio", label: t`Radio`, group: go, run: () => void navigate({ to: "/radio" }) },
            { id: "go.chat", label: t`Chat`, group: go, run: () => void navigate({ to: "/chat" }) },
            { id: "go.music", label: t`My music`, group: go, run: () => void navigate({ to: "/studio" }) },
            { id: "go.upload", label: t`Upload`, group: go, run: () => void navigate({ to: "/studio/upload" }) },
          ]
        : [{ id: "go.sign-in", label: t`Sign in`, group: go, run: () => void navigate({ to: "/sign-in" }) }]),
      { id: "view.palette", label: t`Commands`, group: view, keys: ["mod+k"], run: () => open("palette") },
      { id: "view.shortcuts", label: t`Keyboard shortcuts`, group: view, keys: ["?"], run: () => open("shortcuts") },
      { id: "theme.dark", label: t`Dark theme`, group: view, run: () => setPreferences({ theme: "dark" }) },
      { id: "theme.light", label: t`Light theme`, group: view, run: () => setPreferences({ theme: "light" }) },
    ];
  }, [t, navigate, open, signedIn, hasQueue, inRoom]);
  useCommands(commands);
}
