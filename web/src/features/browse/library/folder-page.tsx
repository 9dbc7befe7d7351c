import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ChevronRight, Folder as FolderIcon } from "lucide-react";
import { PlayAll } from "@/features/browse/components/play-all";
import { Failed, Loading, RowsSkeleton } from "@/features/browse/components/states";
import { TrackList } from "@/features/browse/components/track-list";
import type { FolderRef } from "@/shared/api/types";
import { useTitle } from "@/shared/lib/title";
import { EmptyState } from "@/shared/ui/empty-state";
import { Endless } from "./endless";
import { FolderLink } from "./folder-link";
import { folderQuery } from "./queries";

const ROW = 56;
const lines = () => ({ columns: 1, height: ROW });

/** One folder as it lies on the disk: the folders in it, then its tracks. */
export function FolderPage() {
  const { t } = useLingui();
  const { folderId } = useParams({ from: "/folders/$folderId" });
  const query = useInfiniteQuery(folderQuery(folderId));
  const folder = query.data?.pages[0];
  useTitle(folder?.name);
  if (query.isPending) {
    return (
      <div className="p-8">
        <Loading>
          <RowsSkeleton />
        </Loading>
      </div>
    );
  }
  if (!query.data || !folder) return <Failed heading="h1" error={query.error} retry={() => void query.refetch()} />;
  const folders = query.data.pages.flatMap((page) => page.folders.items);
  return (
    <div className="flex flex-col gap-8 px-4 pt-6 sm:px-8">
      <header className="flex flex-col gap-3">
        <Way above={folder.above} />
        <h1 className="display text-2xl break-words" dir="auto">
          {folder.name}
        </h1>
        {folder.tracks.length > 0 ? (
          <div className="flex flex-wrap gap-3 pt-2">
            <PlayAll tracks={folder.tracks} />
          </div>
        ) : null}
      </header>
      {folders.length > 0 ? (
        <Endless
          key={folder.id}
          label={t`Folders`}
          items={folders}
          more={query}
          shape={lines}
          render={(one) => <FolderLink key={one.id} folder={one} />}
        />
      ) : null}
      {folder.tracks.length > 0 ? (
        <TrackList label={t`Tracks`} tracks={folder.tracks} numbering="track" showPlays />
      ) : null}
      {folders.length + folder.tracks.length === 0 ? (
        <EmptyState icon={<FolderIcon />} title={t`This folder is empty`} />
      ) : null}
    </div>
  );
}

/** From the library down to where one is. */
function Way({ above }: { above: FolderRef[] }) {
  const { t } = useLingui();
  return (
    <nav aria-label={t`Where this folder lies`}>
      <ol className="flex flex-wrap items-center gap-x-1 text-sm text-muted">
        <li>
          <Link
            to="/library"
            search={{ view: "folders" }}
            className="inline-flex min-h-11 items-center rounded-sm hover:text-ink"
          >
            {t`Folders`}
          </Link>
        </li>
        {above.map((folder) => (
          <li key={folder.id} className="flex min-w-0 items-center gap-1">
            <ChevronRight aria-hidden className="flip-rtl size-4 shrink-0" />
            <Link
              to="/folders/$folderId"
              params={{ folderId: folder.id }}
              className="inline-flex min-h-11 items-center rounded-sm break-all hover:text-ink"
              dir="auto"
            >
              {folder.name}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
