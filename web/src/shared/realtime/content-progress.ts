import { api, data } from "@/shared/api/client";
import { isLive, subscribe } from "@/shared/api/socket";
import type { Track } from "@/shared/api/types";

/** How far the processing of a track has come. */
export type ContentProgress = Pick<Track, "status" | "renditions_complete" | "error"> & Track["progress"];

const POLL_MS = 3_000;

export function progressOf(track: Track): ContentProgress {
  const { status, renditions_complete, error, progress } = track;
  return { status, renditions_complete, error, ...progress };
}

export const isSettled = (progress: ContentProgress): boolean =>
  progress.status === "failed" || (progress.status === "ready" && progress.renditions_complete);

/**
 * Tells how a track comes along: by events while the socket is up, by asking every three seconds while it is not.
 * Ends by itself when nothing more will happen; the answer ends it sooner.
 */
export function watchContent(contentId: string, listener: (progress: ContentProgress) => void): () => void {
  let ended = false;
  const end = (): void => {
    ended = true;
    clearInterval(timer);
    unsubscribe();
  };
  const tell = (progress: ContentProgress): void => {
    if (ended) return;
    listener(progress);
    if (isSettled(progress)) end();
  };
  const ask = async (): Promise<void> => {
    try {
      const params = { path: { track_id: contentId } };
      tell(progressOf(await data(api.GET("/api/v1/tracks/{track_id}", { params }))));
    } catch {
      // Asked again with the next turn of the timer.
    }
  };
  const topic = `content:${contentId}`;
  const unsubscribe = subscribe(
    topic,
    ({ event, data: body }) => {
      if (event === "progress") tell(body as ContentProgress);
    },
    () => void ask(),
  );
  const timer = setInterval(() => {
    if (!isLive(topic)) void ask();
  }, POLL_MS);
  void ask();
  return end;
}
