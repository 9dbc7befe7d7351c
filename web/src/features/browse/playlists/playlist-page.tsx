import { Plural, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Download, EllipsisVertical, History, ListMusic, Pencil, Share2, Trash2 } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import type { Playlist } from "@/shared/api/types";
import { spokenLength } from "@/shared/lib/format";
import { useSignedIn } from "@/shared/lib/session";
import { askToShare } from "@/shared/lib/sharing";
import { useTitle } from "@/shared/lib/title";
import { Button, IconButton } from "@/shared/ui/button";
import { useCoverColour } from "@/shared/ui/cover";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { EmptyState } from "@/shared/ui/empty-state";
import { Menu } from "@/shared/ui/menu";
import { sayFailure } from "@/shared/ui/say-failure";
import { PageHeader, pagePadding } from "@/features/browse/components/page";
import { PlayAll } from "@/features/browse/components/play-all";
import { Failed, HeaderSkeleton, Loading, RowsSkeleton } from "@/features/browse/components/states";
import { EntryList } from "./entry-list";
import { Mosaic } from "./mosaic";
import { PlaylistDialog } from "./playlist-dialog";
import { deletePlaylist, entriesQuery, playlistQuery } from "./queries";
import { seenIcon, useSeenBy } from "./words";

const FORMATS = ["m3u8", "pls", "xspf", "jspf"] as const;

function Actions({ playlist }: { playlist: Playlist }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const signedIn = useSignedIn();
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const close = () => setOpen(null);
  const remove = useMutation({
    mutationFn: () => deletePlaylist(playlist.id),
    onSuccess: () => navigate({ to: "/playlists" }),
    onError: sayFailure,
  });
  const name = playlist.name;
  const files = FORMATS.map((format) => {
    const kind = format.toUpperCase();
    return {
      id: format,
      label: t`Save as ${kind}`,
      icon: <Download />,
      run: () => window.location.assign(`/api/v1/playlists/${playlist.id}/export?format=${format}`),
    };
  });
  return (
    <>
      {playlist.editable ? (
        <Button size="lg" onPress={() => setOpen("edit")}>
          <Pencil aria-hidden className="size-4" />
          {t`Edit`}
        </Button>
      ) : null}
      <Menu
        label={t`Actions for ${name}`}
        trigger={
          <IconButton label={t`Actions for ${name}`} className="text-muted">
            <EllipsisVertical aria-hidden className="size-5" />
          </IconButton>
        }
        actions={[
          ...(signedIn && playlist.track_count > 0
            ? [
                {
                  id: "share",
                  label: t`Share`,
                  icon: <Share2 />,
                  run: () => askToShare({ ids: [playlist.id], name }),
                },
              ]
            : []),
          ...files,
          ...(playlist.editable
            ? [
                {
                  id: "history",
                  label: t`History`,
                  icon: <History />,
                  run: () =>
                    void navigate({ to: "/playlists/$playlistId/history", params: { playlistId: playlist.id } }),
                },
                {
                  id: "delete",
                  label: t`Delete the playlist`,
                  icon: <Trash2 />,
                  tone: "danger" as const,
                  run: () => setOpen("delete"),
                },
              ]
            : []),
        ]}
      />
      {open === "edit" ? <PlaylistDialog playlist={playlist} onClose={close} /> : null}
      <ConfirmDialog
        open={open === "delete"}
        onClose={close}
        onConfirm={() => remove.mutate()}
        title={t`Delete ${name}?`}
        confirmLabel={t`Delete`}
        pending={remove.isPending}
      >
        {t`The tracks stay where they are; the list of them is gone for good.`}
      </ConfirmDialog>
    </>
  );
}

function Facts({ playlist }: { playlist: Playlist }) {
  const seenBy = useSeenBy(playlist);
  const Icon = seenIcon(playlist);
  return (
    <>
      {playlist.comment ? (
        <p className="max-w-prose whitespace-pre-line text-muted" dir="auto">
          {playlist.comment}
        </p>
      ) : null}
      <p className="flex flex-wrap items-center gap-x-2 text-muted">
        {playlist.owner ? (
          <>
            <Link
              to="/people/$personId"
              params={{ personId: playlist.owner.id }}
              className="rounded-sm font-semibold text-ink hover:underline"
              dir="auto"
            >
              {playlist.owner.display_name}
            </Link>
            <span aria-hidden>·</span>
          </>
        ) : null}
        <span className="inline-flex items-center gap-1.5">
          <Icon aria-hidden className="size-4" />
          {seenBy}
        </span>
        <span aria-hidden>·</span>
        <Plural value={playlist.track_count} one="# track" other="# tracks" />
        <span aria-hidden>·</span>
        <span>{spokenLength(playlist.duration_ms)}</span>
      </p>
      {playlist.unavailable ? (
        <p className="text-sm text-muted">
          <Plural
            value={playlist.unavailable}
            one="# track is not available to you."
            other="# tracks are not available to you."
          />
        </p>
      ) : null}
    </>
  );
}

function Content({ playlist }: { playlist: Playlist }) {
  const { t } = useLingui();
  const found = useInfiniteQuery(entriesQuery(playlist.id));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  // A place in a list is known only where the whole list is.
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  // What comes in between is not shown: a list of thousands that grows page by page keeps the browser from all else.
  const pages = found.data?.pages;
  const entries = useMemo(
    () => (hasNextPage ? pages?.slice(0, 1) : pages)?.flatMap((page) => page.items) ?? [],
    [pages, hasNextPage],
  );
  const tracks = entries.flatMap((entry) => (entry.track ? [entry.track] : []));
  const colour = useCoverColour(playlist.covers[0], playlist.id);
  return (
    <article>
      <PageHeader
        style={colour}
        picture={<Mosaic playlist={playlist} className="w-52 shrink-0 rounded-lg! shadow-lift lg:w-64" />}
        eyebrow={t`Playlist`}
        title={playlist.name}
        actions={
          <>
            <PlayAll tracks={tracks} from={{ id: playlist.id, title: playlist.name }} />
            <Actions playlist={playlist} />
          </>
        }
      >
        <Facts playlist={playlist} />
      </PageHeader>
      <div className={pagePadding}>
        {found.isError ? <Failed error={found.error} retry={() => void found.refetch()} /> : null}
        {found.isPending ? (
          <Loading>
            <RowsSkeleton />
          </Loading>
        ) : null}
        {found.data && entries.length === 0 ? (
          <EmptyState icon={<ListMusic />} title={t`Nothing in here yet`}>
            {t`The menu of every track puts it into a playlist.`}
          </EmptyState>
        ) : null}
        {entries.length > 0 ? (
          <EntryList
            playlistId={playlist.id}
            name={playlist.name}
            entries={entries}
            editable={playlist.editable && !hasNextPage}
          />
        ) : null}
      </div>
    </article>
  );
}

export function PlaylistPage() {
  const { playlistId } = useParams({ from: "/playlists/$playlistId" });
  const playlist = useQuery(playlistQuery(playlistId));
  useTitle(playlist.data?.name);
  if (playlist.data) return <Content key={playlist.data.id} playlist={playlist.data} />;
  if (playlist.isError) return <Failed heading="h1" error={playlist.error} retry={() => void playlist.refetch()} />;
  return (
    <Loading>
      <HeaderSkeleton />
      <div className="p-8">
        <RowsSkeleton />
      </div>
    </Loading>
  );
}
