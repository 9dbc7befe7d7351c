import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { closePlaylistChoice } from "@/shared/lib/add-to-playlist";
import { count } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { TextField } from "@/shared/ui/fields";
import { Skeleton } from "@/shared/ui/progress";
import { sayFailure } from "@/shared/ui/say-failure";
import { ShowMore } from "@/shared/ui/show-more";
import { toast } from "@/shared/ui/toast";
import { Mosaic } from "./mosaic";
import { addTracks, makePlaylist, playlistsQuery } from "./queries";

/** Asks into which playlist tracks are to be put: one of one's own, or a new one. */
export function AddToPlaylist({ tracks }: { tracks: readonly string[] }) {
  const { t } = useLingui();
  const [name, setName] = useState("");
  const mine = useInfiniteQuery(playlistsQuery(true));
  const items = mine.data?.pages.flatMap((page) => page.items) ?? [];
  const add = useMutation({
    mutationFn: (id: string | null) => (id ? addTracks(id, tracks) : makePlaylist(name.trim(), [...tracks])),
    onSuccess: (playlist) => {
      const title = playlist.name;
      toast(t`Put into ${title}`, "success");
      closePlaylistChoice();
    },
    onError: sayFailure,
  });
  return (
    <Dialog open onClose={closePlaylistChoice} title={t`Add to a playlist`} size="sm">
      <form
        className="flex items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) add.mutate(null);
        }}
      >
        <TextField
          label={t`New playlist`}
          value={name}
          onChange={setName}
          maxLength={300}
          dir="auto"
          className="min-w-0 flex-1"
        />
        <Button type="submit" isDisabled={!name.trim()} isPending={add.isPending} className="min-h-12">
          <Plus aria-hidden className="size-4" />
          {t`Make`}
        </Button>
      </form>
      {mine.isPending ? <Skeleton className="h-14" /> : null}
      <ul className="-mx-2 flex flex-col" aria-label={t`Your playlists`}>
        {items.map((playlist) => (
          <li key={playlist.id}>
            <button
              type="button"
              disabled={add.isPending}
              onClick={() => add.mutate(playlist.id)}
              className="flex min-h-14 w-full items-center gap-3 rounded-md px-2 py-1.5 text-start hover:bg-hover"
            >
              <Mosaic playlist={playlist} className="w-11 shrink-0 rounded-sm!" />
              <span className="min-w-0 flex-1 truncate font-semibold" dir="auto">
                {playlist.name}
              </span>
              <span className="numbers text-sm text-muted">{count(playlist.track_count)}</span>
            </button>
          </li>
        ))}
      </ul>
      <ShowMore pages={mine} />
    </Dialog>
  );
}
