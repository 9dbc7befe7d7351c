import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { player, queueItemFromTrack } from "@/player";
import type { PlaylistEntry } from "@/shared/api/types";
import { moved } from "@/shared/lib/order";
import { queryClient } from "@/shared/lib/query";
import { sayFailure } from "@/shared/ui/say-failure";
import { SortableList } from "@/shared/ui/sortable-list";
import { EntryRow } from "./entry-row";
import { editEntries, entriesQuery, entriesShown, moveEntries, removeEntries } from "./queries";

type ListProps = { playlistId: string; name: string; entries: PlaylistEntry[]; editable: boolean };

/** The list is shown as it will be at once, and as it was again where the server says no. */
function useEdits(playlistId: string) {
  const asBefore = (error: unknown) => {
    sayFailure(error);
    void queryClient.invalidateQueries({ queryKey: entriesQuery(playlistId).queryKey });
  };
  const moving = useMutation({
    mutationFn: ({ ids, before }: { ids: string[]; before: string | null }) => moveEntries(playlistId, ids, before),
    onError: asBefore,
    scope: { id: playlistId },
  });
  const removing = useMutation({
    mutationFn: (ids: string[]) => removeEntries(playlistId, ids),
    onError: asBefore,
    scope: { id: playlistId },
  });
  const move = (ids: ReadonlySet<string>, before: string | null) => {
    const inOrder = entriesShown(playlistId).flatMap((entry) => (ids.has(entry.id) ? [entry.id] : []));
    editEntries(playlistId, (entries) => moved(entries, ids, before));
    moving.mutate({ ids: inOrder, before });
  };
  const remove = (id: string) => {
    editEntries(playlistId, (entries) => entries.filter((one) => one.id !== id));
    removing.mutate([id]);
  };
  return { move, remove };
}

function playFrom(playlistId: string, id: string): void {
  const playable = entriesShown(playlistId).flatMap((entry) =>
    entry.track?.playable ? [{ id: entry.id, item: queueItemFromTrack(entry.track) }] : [],
  );
  const start = playable.findIndex((entry) => entry.id === id);
  void player.playNow(
    playable.map((entry) => entry.item),
    Math.max(0, start),
  );
}

/** What is in a playlist. */
export function EntryList({ playlistId, name, entries, editable }: ListProps) {
  const { t } = useLingui();
  const { move, remove } = useEdits(playlistId);
  const titleOf = (entry: PlaylistEntry) => entry.track?.title ?? t`Not available`;
  return (
    <SortableList
      label={t`Tracks of ${name}`}
      items={entries}
      textOf={titleOf}
      move={editable ? move : null}
      dependencies={[]}
      className="-mx-2"
      rowClassName={() => "transition-colors hover:bg-hover sm:gap-3"}
    >
      {(entry) => (
        <EntryRow
          entry={entry}
          title={titleOf(entry)}
          editable={editable}
          play={() => playFrom(playlistId, entry.id)}
          takeOut={() => remove(entry.id)}
        />
      )}
    </SortableList>
  );
}
