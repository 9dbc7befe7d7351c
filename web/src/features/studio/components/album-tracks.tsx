import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, GripVertical, Play } from "lucide-react";
import { GridList, GridListItem } from "react-aria-components/GridList";
import { useDragAndDrop } from "react-aria-components/useDragAndDrop";
import { Button as AriaButton } from "react-aria-components/Button";
import { player, queueItemFromTrack } from "@/player";
import type { Album, Track } from "@/shared/api/types";
import { clockTime } from "@/shared/lib/format";
import { IconButton } from "@/shared/ui/button";
import { toast } from "@/shared/ui/toast";
import { albumQuery, refreshEverything, saveTrack } from "@/features/studio/api/queries";
import { inRecordOrder } from "@/features/studio/model/fields";
import { useLiveTracks } from "./live";
import { Panel } from "./page";
import { StatusBadge } from "./status-badge";
import { useWords } from "./words";

/** The tracks of an album in their order; moved by dragging, by keyboard, or by the arrows beside them. */
export function AlbumTracks({ album }: { album: Album }) {
  const { t } = useLingui();
  const tracks = inRecordOrder(album.tracks);
  const reorder = useReorder(album);
  useLiveTracks(tracks);
  const move = (from: number, to: number): void => {
    const moved = tracks[from];
    if (!moved || to < 0 || to >= tracks.length) return;
    const rest = tracks.filter((track) => track !== moved);
    reorder.mutate([...rest.slice(0, to), moved, ...rest.slice(to)]);
  };
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ "text/plain": String(key) })),
    onReorder: ({ keys, target }) => {
      const moving = tracks.filter((track) => keys.has(track.id));
      const rest = tracks.filter((track) => !keys.has(track.id));
      const at = rest.findIndex((track) => track.id === target.key) + (target.dropPosition === "after" ? 1 : 0);
      reorder.mutate([...rest.slice(0, at), ...moving, ...rest.slice(at)]);
    },
  });
  if (tracks.length === 0) {
    return (
      <Panel
        title={t`Tracks`}
        hint={t`There are none yet. Choose this album when you upload, or on the page of a track.`}
      >
        {null}
      </Panel>
    );
  }
  return (
    <Panel title={t`Tracks`} hint={t`Drag them into their order.`}>
      <GridList aria-label={t`Tracks of the album`} dragAndDropHooks={dragAndDropHooks} className="flex flex-col">
        {tracks.map((track, index) => (
          <TrackItem
            key={track.id}
            track={track}
            number={index + 1}
            last={index === tracks.length - 1}
            onUp={() => move(index, index - 1)}
            onDown={() => move(index, index + 1)}
            onPlay={() =>
              player.playNow(
                tracks.filter((one) => one.status === "ready").map(queueItemFromTrack),
                playable(tracks, index),
              )
            }
          />
        ))}
      </GridList>
    </Panel>
  );
}

/** Where a track stands among those that play. */
const playable = (tracks: readonly Track[], index: number): number =>
  tracks.slice(0, index).filter((track) => track.status === "ready").length;

type TrackItemProps = {
  track: Track;
  number: number;
  last: boolean;
  onUp: () => void;
  onDown: () => void;
  onPlay: () => void;
};

function TrackItem({ track, number, last, onUp, onDown, onPlay }: TrackItemProps) {
  const { t } = useLingui();
  const { title, status, published, progress, renditions_complete: complete } = track;
  return (
    <GridListItem
      id={track.id}
      textValue={title}
      className="flex min-h-14 items-center gap-2 border-b border-line outline-offset-[-2px] last:border-b-0 data-[dragging]:opacity-50 data-[drop-target]:bg-accent-soft sm:gap-3"
    >
      <AriaButton
        slot="drag"
        aria-label={t`Move ${title}`}
        className="hidden size-9 cursor-grab place-items-center rounded-md text-muted hover:bg-hover sm:grid"
      >
        <GripVertical aria-hidden className="size-4" />
      </AriaButton>
      <span className="numbers w-6 shrink-0 text-end text-sm text-muted">{number}</span>
      <div className="flex min-w-0 flex-1 flex-col items-start gap-1 py-2">
        <Link
          to="/studio/tracks/$trackId"
          params={{ trackId: track.id }}
          className="max-w-full truncate rounded-sm font-semibold hover:underline"
        >
          <bdi>{title}</bdi>
        </Link>
        <StatusBadge status={status} published={published} progress={progress} complete={complete} />
      </div>
      <span className="numbers hidden text-sm text-muted sm:block">
        {track.duration_ms === null ? "" : clockTime(track.duration_ms)}
      </span>
      <IconButton label={t`Play ${title}`} size="sm" isDisabled={status !== "ready"} onPress={onPlay}>
        <Play aria-hidden className="flip-rtl size-4" />
      </IconButton>
      <IconButton label={t`Move ${title} up`} size="sm" isDisabled={number === 1} onPress={onUp}>
        <ArrowUp aria-hidden className="size-4" />
      </IconButton>
      <IconButton label={t`Move ${title} down`} size="sm" isDisabled={last} onPress={onDown}>
        <ArrowDown aria-hidden className="size-4" />
      </IconButton>
    </GridListItem>
  );
}

/** Numbers the tracks anew: seen at once, taken back when the server refuses. */
function useReorder(album: Album) {
  const words = useWords();
  const client = useQueryClient();
  const { queryKey } = albumQuery(album.id);
  return useMutation({
    mutationFn: async (order: readonly Track[]) => {
      for (const [index, track] of order.entries()) {
        const place = { disc_number: 1, track_number: index + 1 };
        if (track.track_number === place.track_number && (track.disc_number ?? 1) === 1) continue;
        await saveTrack(track.id, track.version, place);
      }
    },
    onMutate: async (order) => {
      await client.cancelQueries({ queryKey });
      const numbered = order.map((track, index) => ({ ...track, disc_number: 1, track_number: index + 1 }));
      client.setQueryData(queryKey, (present) => present && { ...present, tracks: numbered });
    },
    onError: (error) => {
      client.setQueryData(queryKey, album);
      toast(words.failure(error), "error");
    },
    onSettled: () => refreshEverything(),
  });
}
