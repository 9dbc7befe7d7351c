import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Track } from "@/shared/api/types";
import { toast } from "@/shared/ui/toast";
import {
  deleteContent,
  myTracks,
  publishTrack,
  refreshEverything,
  trackQuery,
  unpublishTrack,
} from "@/features/studio/api/queries";
import { mapPages } from "./live";
import { useWords } from "./words";

/** Publishes (true) or withdraws (false): shown at once, taken back visibly when refused. */
export function usePublishing(track: Track) {
  const { t } = useLingui();
  const words = useWords();
  const client = useQueryClient();
  const show = (published: boolean): void => {
    const change = (other: Track): Track => (other.id === track.id ? { ...other, published } : other);
    client.setQueryData(myTracks.queryKey, (pages) => pages && mapPages(pages, change));
    client.setQueryData(trackQuery(track.id).queryKey, (one) => one && { ...one, published });
  };
  return useMutation({
    mutationFn: (on: boolean) => (on ? publishTrack(track.id) : unpublishTrack(track.id)),
    onMutate: show,
    onSuccess: (_answer, on) => toast(on ? t`Published` : t`Withdrawn: only you can hear it now`, "success"),
    onError: (error, on) => {
      show(!on);
      toast(words.failure(error), "error");
    },
    onSettled: () => refreshEverything(),
  });
}

export function useDelete(contentId: string, onDone: () => void) {
  const { t } = useLingui();
  const words = useWords();
  return useMutation({
    mutationFn: () => deleteContent(contentId),
    onSuccess: () => {
      onDone();
      toast(t`Deleted`, "success");
      void refreshEverything();
    },
    onError: (error) => toast(words.failure(error), "error"),
  });
}
