import { create } from "zustand";

export type RatedWork = { id: string; name: string };

const store = create<{ work: RatedWork | null }>(() => ({ work: null }));

/** Reactive: the work that somebody wants to rate from a menu, until they have done so. */
export const useWorkToRate = (): RatedWork | null => store((state) => state.work);

export function askForRating(work: RatedWork): void {
  store.setState({ work });
}

export function closeRating(): void {
  store.setState({ work: null });
}
