import { create } from "zustand";

const store = create<{ tracks: readonly string[] | null }>(() => ({ tracks: null }));

/** Reactive: the tracks that somebody wants to put into a playlist, until they have chosen one. */
export const useTracksForPlaylist = (): readonly string[] | null => store((state) => state.tracks);

export function askForPlaylist(tracks: readonly string[]): void {
  store.setState({ tracks });
}

export function closePlaylistChoice(): void {
  store.setState({ tracks: null });
}
