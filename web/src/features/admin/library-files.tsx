import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/shared/api/client";
import type { MissingTrack, UnreadableFile } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { ago } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { Skeleton } from "@/shared/ui/progress";
import { Section } from "@/shared/ui/section";
import { ShowMore } from "@/shared/ui/show-more";
import { LIBRARIES, missingQuery, unreadableQuery } from "./library-queries";
import { TROUBLES } from "./library-words";
import { useDeed } from "./use-deed";

const WITH_DETAIL = new Set(["damaged", "tags_not_written"]);

/** Files that the last scans could not read, or that could not be written, and why. */
export function Unreadable({ libraryId }: { libraryId: string }) {
  const { t } = useLingui();
  const found = useInfiniteQuery(unreadableQuery(libraryId));
  const files = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section
      title={t`Not readable`}
      intro={t`Files that could not be read, and why. They are tried again when they change.`}
    >
      {found.isPending ? <Skeleton className="h-12" /> : null}
      {found.isLoadingError ? <p className="text-sm text-danger">{errorText(found.error)}</p> : null}
      {found.isSuccess && files.length === 0 ? <p className="text-muted">{t`Every file could be read.`}</p> : null}
      {files.length > 0 ? (
        <ul aria-label={t`Not readable`} className="-my-3 flex flex-col">
          {files.map((file) => (
            <BrokenFile key={file.path} file={file} />
          ))}
        </ul>
      ) : null}
      <ShowMore pages={found} />
    </Section>
  );
}

function BrokenFile({ file }: { file: UnreadableFile }) {
  const { i18n } = useLingui();
  const trouble = TROUBLES[file.code];
  return (
    <li className="flex flex-col gap-1 border-b border-line py-3 last:border-b-0">
      <code dir="ltr" className="text-sm break-all rtl:text-end">
        {file.path}
      </code>
      <p className="text-sm text-muted">
        {trouble ? i18n._(trouble) : null} {!trouble || WITH_DETAIL.has(file.code) ? <bdi>{file.detail}</bdi> : null}
      </p>
    </li>
  );
}

/** Tracks whose files were not found: hidden, kept with all that people did with them, until somebody confirms. */
export function Missing({ libraryId }: { libraryId: string }) {
  const { t } = useLingui();
  const found = useInfiniteQuery(missingQuery(libraryId));
  const tracks = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section
      title={t`Missing`}
      intro={t`Tracks whose files were not found. They come back with their likes and plays when the files do, until you delete them.`}
    >
      {found.isPending ? <Skeleton className="h-12" /> : null}
      {found.isLoadingError ? <p className="text-sm text-danger">{errorText(found.error)}</p> : null}
      {found.isSuccess && tracks.length === 0 ? <p className="text-muted">{t`No file is missing.`}</p> : null}
      {tracks.length > 0 ? <MissingTracks libraryId={libraryId} tracks={tracks} /> : null}
      <ShowMore pages={found} />
    </Section>
  );
}

function MissingTracks({ libraryId, tracks }: { libraryId: string; tracks: MissingTrack[] }) {
  const { t } = useLingui();
  /** What is about to be deleted. */
  const [asked, ask] = useState<MissingTrack | "all" | null>(null);
  const remove = useDeed(
    (only: MissingTrack | "all") =>
      api.DELETE("/api/v1/libraries/{library_id}/missing", {
        params: { path: { library_id: libraryId }, query: only === "all" ? {} : { track: [only.id] } },
      }),
    t`Deleted for good.`,
    [...LIBRARIES, libraryId],
  );
  const title = asked === null || asked === "all" ? "" : asked.title;
  return (
    <>
      <Button variant="danger" className="self-start" isPending={remove.isPending} onPress={() => ask("all")}>
        {t`Delete all that are missing`}
      </Button>
      <ul aria-label={t`Missing`} className="-my-3 flex flex-col">
        {tracks.map((track) => (
          <MissingRow key={track.id} track={track} remove={() => ask(track)} />
        ))}
      </ul>
      <ConfirmDialog
        open={asked !== null}
        onClose={() => ask(null)}
        title={asked === "all" ? t`Delete all that are missing?` : t`Delete ${title}?`}
        confirmLabel={t`Delete`}
        onConfirm={() => {
          if (asked !== null) remove.mutate(asked);
          ask(null);
        }}
      >
        {t`Their likes, plays and places in playlists are lost, also when the files come back.`}
      </ConfirmDialog>
    </>
  );
}

function MissingRow({ track, remove }: { track: MissingTrack; remove: () => void }) {
  const { t } = useLingui();
  const { title } = track;
  const since = ago(track.missing_since);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line py-3 last:border-b-0">
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p className="break-words">
          <bdi className="font-semibold">{title}</bdi> · <bdi>{track.artist}</bdi>
        </p>
        <code dir="ltr" className="text-sm break-all text-muted rtl:text-end">
          {track.path}
        </code>
        <p className="text-sm text-muted">{t`missing since: ${since}`}</p>
      </div>
      <Button size="sm" onPress={remove} aria-label={t`Delete ${title}`}>
        {t`Delete`}
      </Button>
    </li>
  );
}
