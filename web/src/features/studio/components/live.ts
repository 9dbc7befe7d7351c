import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Track } from "@/shared/api/types";
import { type ContentProgress, isSettled, progressOf, watchContent } from "@/shared/realtime/content-progress";
import { myTracks, trackQuery } from "@/features/studio/api/queries";

type Pages = InfiniteData<{ items: Track[]; next: string | null }>;

export function withProgress<T extends Track>(track: T, progress: ContentProgress): T {
  const { status, renditions_complete, error, step, percent } = progress;
  return { ...track, status, renditions_complete, error, progress: { step, percent } };
}

/** Keeps tracks that are being processed up to date in the lists and on their pages. */
export function useLiveTracks(tracks: readonly Track[]): void {
  const client = useQueryClient();
  const watched = tracks
    .filter((track) => !isSettled(progressOf(track)))
    .map((track) => track.id)
    .join(" ");
  useEffect(() => {
    if (!watched) return;
    const ends = watched.split(" ").map((id) =>
      watchContent(id, (progress) => {
        const change = (track: Track): Track => (track.id === id ? withProgress(track, progress) : track);
        client.setQueryData(myTracks.queryKey, (pages: Pages | undefined) => pages && mapPages(pages, change));
        client.setQueryData(trackQuery(id).queryKey, (track) => track && withProgress(track, progress));
        // Title, cover and length come from the file itself: with the end of a stage there is more to show.
        if (progress.status !== "processing") void client.invalidateQueries({ queryKey: ["studio"] });
      }),
    );
    return () => ends.forEach((end) => end());
  }, [client, watched]);
}

export function mapPages(pages: Pages, change: (track: Track) => Track): Pages {
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, items: page.items.map(change) })) };
}
