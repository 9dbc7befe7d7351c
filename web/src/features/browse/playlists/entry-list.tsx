import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { GripVertical, Pause, Play, X } from "lucide-react";
import { Button as AriaButton } from "react-aria-components/Button";
import { GridList, GridListItem } from "react-aria-components/GridList";
import { DropIndicator, useDragAndDrop } from "react-aria-components/useDragAndDrop";
import { player, queueItemFromTrack, usePlayer } from "@/player";
import type { PlaylistEntry, Track } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { clockTime } from "@/shared/lib/format";
import { queryClient } from "@/shared/lib/query";
import { IconButton } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { sayFailure } from "@/shared/ui/say-failure";
import { ExplicitMark, TrackMenu } from "@/features/browse/components/track-list";
import { following, moved } from "./order";
import { entriesQuery, moveEntries, removeEntries, showEntries } from "./queries";

const round = "grid size-9 shrink-0 place-items-center rounded-full text-muted pointer-coarse:size-11";

function PlayButton({ track, play }: { track: Track; play: () => void }) {
  const { t } = useLingui();
  const current = usePlayer((state) => state.queue[state.index]?.trackId === track.id);
  const sounding = usePlayer((state) => current && (state.status === "playing" || state.status === "buffering"));
  const title = track.title;
  const Icon = sounding ? Pause : Play;
  return (
    <AriaButton
      isDisabled={track.status !== "ready"}
      onPress={current ? player.toggle : play}
      aria-label={sounding ? t`Pause ${title}` : t`Play ${title}`}
      className="relative grid size-11 shrink-0 place-items-center rounded-sm"
    >
      <Cover
        image={track.cover}
        alt=""
        seed={track.album?.id ?? track.id}
        sizes="44px"
        className="absolute inset-0 rounded-sm"
      />
      <span
        className={cx(
          "absolute inset-0 grid place-items-center rounded-sm bg-shade text-on-shade opacity-0 group-hover:opacity-100 group-focus-within:opacity-100",
          current && "opacity-100",
        )}
      >
        <Icon aria-hidden fill="currentColor" className="flip-rtl size-5" />
      </span>
    </AriaButton>
  );
}

function Names({ track }: { track: Track }) {
  return (
    <div className="min-w-0 flex-1">
      <div className="flex min-w-0 items-center gap-2">
        <Link
          to="/tracks/$trackId"
          params={{ trackId: track.id }}
          className="truncate rounded-sm font-semibold hover:underline"
          dir="auto"
        >
          {track.title}
        </Link>
        {track.explicit ? <ExplicitMark /> : null}
      </div>
      <Link
        to="/artists/$artistId"
        params={{ artistId: track.artist.id }}
        className="block w-fit max-w-full truncate rounded-sm text-sm leading-6 text-muted hover:text-ink hover:underline"
        dir="auto"
      >
        {track.artist.name}
      </Link>
    </div>
  );
}

type ListProps = { playlistId: string; name: string; entries: PlaylistEntry[]; editable: boolean };

/** The list is shown as it will be at once, and as it was again where the server says no. */
function useEdits(playlistId: string) {
  const asBefore = (error: unknown) => {
    sayFailure(error);
    void queryClient.invalidateQueries({ queryKey: entriesQuery(playlistId).queryKey });
  };
  const move = useMutation({
    mutationFn: ({ ids, before }: { ids: string[]; before: string | null }) => moveEntries(playlistId, ids, before),
    onError: asBefore,
    scope: { id: playlistId },
  });
  const remove = useMutation({
    mutationFn: (ids: string[]) => removeEntries(playlistId, ids),
    onError: asBefore,
    scope: { id: playlistId },
  });
  return { move, remove };
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
      const before = target.dropPosition === "before" && !ids.has(place) ? place : following(entries, ids, place);
      showEntries(playlistId, moved(entries, ids, before));
      move.mutate({ ids: entries.filter((entry) => ids.has(entry.id)).map((entry) => entry.id), before });
    },
    renderDropIndicator: (target) => (
      <DropIndicator target={target} className="h-0.5 rounded-full data-[drop-target]:bg-accent" />
    ),
  });
  const playable = entries.flatMap((entry) =>
    entry.track?.status === "ready" ? [{ ...entry, track: entry.track }] : [],
  );
  const playFrom = (id: string) =>
    player.playNow(
      playable.map((entry) => queueItemFromTrack(entry.track)),
      Math.max(
        0,
        playable.findIndex((entry) => entry.id === id),
      ),
    );
  return (
    <GridList
      aria-label={t`Tracks of ${name}`}
      items={entries}
      dragAndDropHooks={dragAndDropHooks}
      keyboardNavigationBehavior="tab"
      className="-mx-2 flex flex-col outline-none"
    >
      {(entry) => {
        const title = entry.track?.title ?? t`Not available`;
        return (
          <GridListItem
            id={entry.id}
            textValue={title}
            className="group flex items-center gap-2 rounded-md px-2 py-1.5 transition-colors [contain-intrinsic-size:auto_3.5rem] [content-visibility:auto] hover:bg-hover data-[dragging]:opacity-50 sm:gap-3"
          >
            {editable ? (
              <AriaButton slot="drag" aria-label={t`Move ${title}`} className={cx(round, "cursor-grab")}>
                <GripVertical aria-hidden className="size-5" />
              </AriaButton>
            ) : null}
            {entry.track ? (
              <>
                <PlayButton track={entry.track} play={() => playFrom(entry.id)} />
                <Names track={entry.track} />
                <span className="numbers hidden w-14 shrink-0 text-end text-sm text-muted sm:block">
                  {entry.track.duration_ms === null ? "" : clockTime(entry.track.duration_ms)}
                </span>
                <TrackMenu track={entry.track} />
              </>
            ) : (
              <p className="min-h-11 flex-1 content-center text-muted">{title}</p>
            )}
            {editable ? (
              <IconButton
                label={t`Take ${title} out`}
                size="sm"
                className="text-muted"
                onPress={() => {
                  showEntries(
                    playlistId,
                    entries.filter((one) => one.id !== entry.id),
                  );
                  remove.mutate([entry.id]);
                }}
              >
                <X aria-hidden className="size-5" />
              </IconButton>
            ) : null}
          </GridListItem>
        );
      }}
    </GridList>
  );
}
