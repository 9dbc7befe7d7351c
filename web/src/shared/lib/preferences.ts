import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { Locale } from "./i18n";

export type ThemeChoice = "system" | "dark" | "light" | "contrast";
type Preferences = {
  theme: ThemeChoice;
  locale: Locale | null;
  reducedMotion: boolean;
  /** Shortcuts of one key without ctrl or ⌘; people who speak to their computer switch them off. */
  singleKeys: boolean;
  recentSearches: string[];
};

const RECENT_SEARCHES = 8;

/** What a person chose on this device. `public/theme.js` reads the same key before the first paint. */
export const usePreferences = create<Preferences>()(
  persist(
    (): Preferences => ({ theme: "system", locale: null, reducedMotion: false, singleKeys: true, recentSearches: [] }),
    {
      name: "antiphon.preferences",
    },
  ),
);

export function setPreferences(change: Partial<Preferences>): void {
  usePreferences.setState(change);
}

export function rememberSearch(query: string): void {
  const trimmed = query.trim();
  if (!trimmed) return;
  const others = usePreferences.getState().recentSearches.filter((past) => past !== trimmed);
  setPreferences({ recentSearches: [trimmed, ...others].slice(0, RECENT_SEARCHES) });
}

function applied(choice: ThemeChoice): Exclude<ThemeChoice, "system"> {
  if (choice !== "system") return choice;
  if (matchMedia("(prefers-contrast: more)").matches) return "contrast";
  return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}

function apply(): void {
  const { theme, reducedMotion } = usePreferences.getState();
  const root = document.documentElement;
  root.dataset.theme = applied(theme);
  if (reducedMotion) root.dataset.motion = "reduced";
  else delete root.dataset.motion;
  const colour = getComputedStyle(root).getPropertyValue("--surface").trim();
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", colour);
}

/** Keeps the document in step with the choice and with the system. */
export function watchPreferences(): void {
  apply();
  usePreferences.subscribe(apply);
  for (const query of ["(prefers-color-scheme: light)", "(prefers-contrast: more)"]) {
    matchMedia(query).addEventListener("change", apply);
  }
}
