import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { GridList, GridListItem } from "react-aria-components/GridList";
import { DropIndicator, useDragAndDrop } from "react-aria-components/useDragAndDrop";
import { ListLayout, Virtualizer } from "react-aria-components/Virtualizer";
import { player, queueItemFromTrack } from "@/player";
import type { PlaylistEntry } from "@/shared/api/types";
import { queryClient } from "@/shared/lib/query";
import { sayFailure } from "@/shared/ui/say-failure";
import { EntryRow } from "./entry-row";
import { following, moved } from "./order";
import { editEntries, entriesQuery, entriesShown, moveEntries, removeEntries } from "./queries";

/** Pixels. Only what is seen is drawn, of however long a list, so every row is as high as the next. */
const ROWS = { rowSize: 60 };

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

/** What is in a playlist. Rows are dragged by their handle: with a pointer, a finger, or Enter and the arrow keys. */
export function EntryList({ playlistId, name, entries, editable }: ListProps) {
  const { t } = useLingui();
  const { move, remove } = useEdits(playlistId);
  const { dragAndDropHooks } = useDragAndDrop({
    isDisabled: !editable,
    getItems: (keys) =>
      [...keys].map((key) => ({
        "text/plain": entries.find((entry) => entry.id === key)?.track?.title ?? "",
      })),
    onReorder: ({ keys, target }) => {
      const ids = new Set([...keys].map(String));
      const place = String(target.key);
      move(ids, target.dropPosition === "before" && !ids.has(place) ? place : following(entries, ids, place));
    },
    renderDropIndicator: (target) => (
      <DropIndicator target={target} className="h-0.5 rounded-full data-[drop-target]:bg-accent" />
    ),
  });
  return (
    <Virtualizer layout={ListLayout} layoutOptions={ROWS}>
      <GridList
        aria-label={t`Tracks of ${name}`}
        items={entries}
        dependencies={[editable]}
        dragAndDropHooks={dragAndDropHooks}
        keyboardNavigationBehavior="tab"
        className="-mx-2 block outline-none"
      >
        {(entry) => {
          const title = entry.track?.title ?? t`Not available`;
          return (
            <GridListItem
              id={entry.id}
              textValue={title}
              className="group flex h-full items-center gap-2 rounded-md px-2 transition-colors hover:bg-hover data-[dragging]:opacity-50 sm:gap-3"
            >
              <EntryRow
                entry={entry}
                title={title}
                editable={editable}
                play={() => playFrom(playlistId, entry.id)}
                takeOut={() => remove(entry.id)}
              />
            </GridListItem>
          );
        }}
      </GridList>
    </Virtualizer>
  );
}
