import { useEffect } from "react";
import { create } from "zustand";

/** One thing a person can do, named once and reached from the palette, a shortcut or a menu. */
export type Command = {
  id: string;
  label: string;
  /** Heading in the palette and in the list of shortcuts. */
  group: string;
  /** Ways to press it: `space`, `/`, `shift+n`, `mod+k` (ctrl, or ⌘ on a Mac). The first is shown. */
  keys?: readonly string[];
  run: () => void;
};

const useRegistry = create<{ sets: ReadonlyMap<object, readonly Command[]> }>(() => ({ sets: new Map() }));

/** Offers commands while the component is shown. Later sets win over earlier ones with the same key. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => {
    const owner = {};
    useRegistry.setState(({ sets }) => ({ sets: new Map(sets).set(owner, commands) }));
    return () =>
      useRegistry.setState(({ sets }) => {
        const rest = new Map(sets);
        rest.delete(owner);
        return { sets: rest };
      });
  }, [commands]);
}

export const allCommands = (): Command[] => [...useRegistry.getState().sets.values()].flat();
export const useAllCommands = (): Command[] => [...useRegistry((state) => state.sets).values()].flat();

const isMac = (): boolean => /Mac|iP(hone|ad|od)/.test(navigator.userAgent);

/** The name of a key press in the words of `Command.keys`. */
export function pressed(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const named: Record<string, string> = {
    " ": "space",
    ArrowLeft: "left",
    ArrowRight: "right",
    ArrowUp: "up",
    ArrowDown: "down",
  };
  const key = named[event.key] ?? event.key.toLowerCase();
  const mod = event.ctrlKey || event.metaKey;
  // A sign such as "?" already contains its shift.
  const shift = event.shiftKey && (key.length > 1 || /[a-z]/.test(key));
  return [mod && "mod", event.altKey && "alt", shift && "shift", key].filter(Boolean).join("+");
}

/** +1 towards the end of the line. */
export const arrow = (key: "left" | "right"): number =>
  (document.documentElement.dir === "rtl") === (key === "left") ? 1 : -1;

const TAKES_TEXT =
  "input:not([type=range],[type=checkbox],[type=radio],[type=button]),textarea,select,[contenteditable]";
const USES_SPACE = "button,a,summary,input,[role=button],[role=switch],[role=tab],[role=option],[role^=menuitem]";
const USES_ARROWS =
  "input,[role=slider],[role=tab],[role=option],[role^=menuitem],[role=listbox],[role=menu],[role=radio]";

/** Whether the element that has the focus needs the key for itself. */
export function keyBelongsTo(target: Element | null, key: string): boolean {
  if (target === null) return false;
  if (key.startsWith("mod+")) return false;
  if (target.closest(TAKES_TEXT)) return true;
  if (key === "space") return target.closest(USES_SPACE) !== null;
  if (/^(left|right|up|down)$/.test(key)) return target.closest(USES_ARROWS) !== null;
  return false;
}

/** Key names as they are printed on keyboards. */
export function keyCaps(keys: string): string[] {
  const caps: Record<string, string> = {
    mod: isMac() ? "⌘" : "Ctrl",
    shift: "⇧",
    alt: isMac() ? "⌥" : "Alt",
    left: "←",
    right: "→",
    up: "↑",
    down: "↓",
  };
  return keys.split("+").map((key) => caps[key] ?? (key === "space" ? "␣" : key.toUpperCase()));
}
