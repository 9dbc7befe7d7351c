import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Ellipsis, Eye, EyeOff, Pencil, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { player, queueItemFromTrack } from "@/player";
import type { Track } from "@/shared/api/types";
import { clockTime, compactCount } from "@/shared/lib/format";
import { IconButton } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { Menu, type MenuAction } from "@/shared/ui/menu";
import { ProgressBar } from "@/shared/ui/progress";
import { Checkbox } from "./checkbox";
import { StatusBadge } from "./status-badge";
import { useDelete, usePublishing } from "./track-actions";
import { useWords } from "./words";

type TrackRowProps = {
  track: Track;
  selectable: boolean;
  selected: boolean;
  onSelect: ((on: boolean) => void) | null;
};

export function TrackRow({ track, selectable, selected, onSelect }: TrackRowProps) {
  const { t } = useLingui();
  const words = useWords();
  const { title } = track;
  const plays = compactCount(track.stats.plays);
  return (
    <li className="flex items-center gap-3 border-b border-line py-2.5 last:border-b-0 sm:gap-4">
      {selectable ? (
        <Checkbox
          label={t`Choose ${title}`}
          checked={selected}
          disabled={onSelect === null}
          onChange={(on) => onSelect?.(on)}
        />
      ) : null}
      <Cover image={track.cover} alt="" seed={track.id} sizes="56px" className="size-14 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <Link
          to="/studio/tracks/$trackId"
          params={{ trackId: track.id }}
          className="truncate rounded-sm font-semibold hover:underline"
        >
          <bdi>{title}</bdi>
        </Link>
        <p className="truncate text-sm text-muted">
          <bdi>{track.artist.name}</bdi>
          {track.album ? (
            <>
              {" · "}
              <bdi>{track.album.title}</bdi>
            </>
          ) : null}
        </p>
        {track.error ? <p className="text-sm text-danger">{words.problem(track.error)}</p> : null}
        <div className="sm:hidden">
          <Status track={track} />
        </div>
        {track.status === "processing" ? (
          <ProgressBar label={t`Processing of ${title}`} value={track.progress.percent} />
        ) : null}
      </div>
      <div className="hidden shrink-0 sm:block">
        <Status track={track} />
      </div>
      <span className="numbers hidden w-24 shrink-0 text-end text-sm text-muted md:block">{t`${plays} plays`}</span>
      <span className="numbers hidden w-14 shrink-0 text-end text-sm text-muted sm:block">
        {track.duration_ms === null ? "" : clockTime(track.duration_ms)}
      </span>
      <RowMenu track={track} />
    </li>
  );
}

function Status({ track }: { track: Track }) {
  const { status, published, progress, renditions_complete: complete } = track;
  return <StatusBadge status={status} published={published} progress={progress} complete={complete} />;
}

function RowMenu({ track }: { track: Track }) {
  const { t } = useLingui();
  const [asking, setAsking] = useState(false);
  const publishing = usePublishing(track);
  const remove = useDelete(track.id, () => setAsking(false));
  const { title } = track;
  const ready = track.status === "ready";
  const actions: MenuAction[] = [
    {
      id: "play",
      label: t`Play`,
      icon: <Play />,
      disabled: !ready,
      run: () => player.playNow([queueItemFromTrack(track)]),
    },
    track.published
      ? { id: "unpublish", label: t`Withdraw`, icon: <EyeOff />, run: () => publishing.mutate(false) }
      : { id: "publish", label: t`Publish`, icon: <Eye />, disabled: !ready, run: () => publishing.mutate(true) },
    { id: "delete", label: t`Delete`, icon: <Trash2 />, tone: "danger", run: () => setAsking(true) },
  ];
  return (
    <div className="flex shrink-0 items-center">
      <Link
        to="/studio/tracks/$trackId"
        params={{ trackId: track.id }}
        aria-label={t`Edit ${title}`}
        className="hidden size-11 place-items-center rounded-full text-muted hover:bg-hover hover:text-ink sm:grid"
      >
        <Pencil aria-hidden className="size-4.5" />
      </Link>
      <Menu
        label={t`Actions for ${title}`}
        actions={actions}
        trigger={
          <IconButton label={t`Actions for ${title}`}>
            <Ellipsis aria-hidden className="size-5" />
          </IconButton>
        }
      />
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => remove.mutate()}
        pending={remove.isPending}
        title={t`Delete “${title}”?`}
        confirmLabel={t`Delete`}
      >
        {t`The recording and all its files go for good, and its address stops working. This cannot be undone.`}
      </ConfirmDialog>
    </div>
  );
}
