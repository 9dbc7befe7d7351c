import { create } from "zustand";

/** What somebody wants to share: ids of tracks, albums, artists or playlists, and what to call it. */
export type Sharing = { ids: readonly string[]; name: string };

const store = create<{ wanted: Sharing | null }>(() => ({ wanted: null }));

/** Reactive: what is to be shared, until the link is made and the dialog closed. */
export const useSharing = (): Sharing | null => store((state) => state.wanted);

export function askToShare(wanted: Sharing): void {
  store.setState({ wanted });
}

export function closeSharing(): void {
  store.setState({ wanted: null });
}
