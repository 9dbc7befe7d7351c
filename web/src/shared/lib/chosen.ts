/** What a person has chosen in lists, to do something with all of it at once. Lives as long as the tab. */
import { create } from "zustand";

export type ChosenKind = "artist" | "album" | "track";
export type Chosen = { id: string; name: string; /** What tells it from others of its name. */ detail: string };

type State = { kind: ChosenKind | null; items: readonly Chosen[] };

/** So many are changed in one go. */
export const MOST_AT_ONCE = 500;
const STORAGE_KEY = "antiphon.chosen";
const NOTHING: State = { kind: null, items: [] };

function stored(): State {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "null");
    return typeof found === "object" && found !== null && "items" in found ? (found as State) : NOTHING;
  } catch {
    return NOTHING;
  }
}

export const useChosen = create<State>(stored);
useChosen.subscribe((state) => sessionStorage.setItem(STORAGE_KEY, JSON.stringify(state)));

/** Lists of this kind let one choose from now on; what was chosen of another kind is let go. */
export function beginChoosing(kind: ChosenKind): void {
  useChosen.setState((before) => (before.kind === kind ? before : { kind, items: [] }));
}

export const endChoosing = (): void => useChosen.setState(NOTHING);

/** `shown` are those that the list knows: what was chosen elsewhere stays chosen. */
export function chooseAmong(shown: readonly Chosen[], ids: ReadonlySet<string>): void {
  useChosen.setState(({ kind, items }) => {
    const here = new Set(shown.map((one) => one.id));
    const kept = items.filter((one) => !here.has(one.id) || ids.has(one.id));
    const known = new Set(kept.map((one) => one.id));
    const added = shown.filter((one) => ids.has(one.id) && !known.has(one.id));
    return { kind, items: [...kept, ...added].slice(0, MOST_AT_ONCE) };
  });
}

export const letGo = (id: string): void =>
  useChosen.setState(({ kind, items }) => ({ kind, items: items.filter((one) => one.id !== id) }));
