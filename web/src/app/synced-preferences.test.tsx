import { act, renderHook, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { playerSettings } from "@/player";
import type { Preferences } from "@/shared/api/types";
import { activate, i18n } from "@/shared/lib/i18n";
import { setPreferences, usePreferences } from "@/shared/lib/preferences";
import { session } from "@/shared/lib/session";
import { signedIn } from "@/testing/music";
import { problem, serve } from "@/testing/server";
import { useSyncedPreferences } from "./synced-preferences";

const PATH = "/api/v1/users/me/preferences";
const account = (change: Partial<Preferences> = {}): Preferences => ({
  language: "de",
  language_chosen: true,
  theme: "light",
  reduced_motion: true,
  single_keys: false,
  player: { loudness: "album", quality: "high", crossfade_s: 4, explicit: false },
  private_profile: false,
  private_session_until: null,
  version: 3,
  ...change,
});

function at(found: Preferences) {
  const sent: unknown[] = [];
  serve({
    [`GET ${PATH}`]: () => ({ body: found }),
    [`PUT ${PATH}`]: async (request) => {
      sent.push(await request.json());
      return { body: { ...found, version: found.version + 1 } };
    },
  });
  return sent;
}

beforeEach(() => setPreferences({ theme: "dark", locale: null, reducedMotion: false, singleKeys: true }));
afterEach(async () => {
  act(() => session.end());
  localStorage.clear();
  playerSettings.set({ loudness: "track", quality: "auto", crossfadeS: 0, explicit: true });
  await activate("en");
  vi.unstubAllGlobals();
});

test("after a sign-in this device is as the account has it, and tells nothing back", async () => {
  const sent = at(account());
  session.start(signedIn());
  renderHook(useSyncedPreferences);
  await waitFor(() => expect(usePreferences.getState()).toMatchObject({ theme: "light", locale: "de" }));
  expect(usePreferences.getState()).toMatchObject({ reducedMotion: true, singleKeys: false });
  expect(playerSettings.get()).toMatchObject({ loudness: "album", quality: "high", crossfadeS: 4, explicit: false });
  expect(i18n.locale).toBe("de");
  expect(sent).toEqual([]);
  expect(localStorage.getItem("antiphon.preferences.unsent")).toBeNull();
});

test("a language that nobody chose leaves this browser its own", async () => {
  vi.stubGlobal("navigator", { ...navigator, languages: ["fr-CA", "en"] });
  const sent = at(account({ language_chosen: false }));
  session.start(signedIn());
  renderHook(useSyncedPreferences);
  await waitFor(() => expect(usePreferences.getState()).toMatchObject({ theme: "light", locale: null }));
  expect(i18n.locale).toBe("fr");
  expect(sent).toEqual([]);
});

test("an account that knows nothing yet takes what was chosen here", async () => {
  const sent = at(account({ version: 0 }));
  session.start(signedIn());
  renderHook(useSyncedPreferences);
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toEqual({
    theme: "dark",
    reduced_motion: false,
    single_keys: true,
    player: { loudness: "track", quality: "auto", crossfade_s: 0, explicit: true },
  });
  expect(usePreferences.getState().theme).toBe("dark");
});

test("changes are sent together, and by the next visit where that failed", async () => {
  serve({ [`GET ${PATH}`]: () => ({ body: account() }), [`PUT ${PATH}`]: () => problem(500, "internal") });
  session.start(signedIn());
  const first = renderHook(useSyncedPreferences);
  await waitFor(() => expect(usePreferences.getState().theme).toBe("light"));
  act(() => {
    setPreferences({ theme: "contrast" });
    playerSettings.set({ quality: "lossless" });
    setPreferences({ recentSearches: ["salt"] });
  });
  first.unmount();
  const sent = at(account());
  renderHook(useSyncedPreferences);
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({ theme: "contrast", player: { quality: "lossless" }, language: "de" });
  expect(usePreferences.getState().theme).toBe("contrast");
  await waitFor(() => expect(localStorage.getItem("antiphon.preferences.unsent")).toBeNull());
});

test("guests keep their choices to their device", () => {
  const sent = at(account());
  renderHook(useSyncedPreferences);
  act(() => setPreferences({ theme: "contrast" }));
  expect(localStorage.getItem("antiphon.preferences.unsent")).toBeNull();
  expect(sent).toEqual([]);
});
