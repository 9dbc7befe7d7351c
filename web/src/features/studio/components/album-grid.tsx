import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleDashed, Disc3, SearchX } from "lucide-react";
import type { AlbumCard } from "@/shared/api/types";
import { Cover } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";
import { Badge } from "./status-badge";

export function AlbumGrid({ albums, searching }: { albums: readonly AlbumCard[]; searching: boolean }) {
  const { t } = useLingui();
  if (albums.length === 0) {
    return (
      <EmptyState icon={searching ? <SearchX /> : <Disc3 />} title={searching ? t`Nothing found` : t`No albums yet`}>
        {searching ? (
          <Trans>Try another word of the title or the artist.</Trans>
        ) : (
          <Trans>Choose “One album from each folder” when you upload, or make one there by hand.</Trans>
        )}
      </EmptyState>
    );
  }
  return (
    <ul className="grid grid-cols-2 gap-x-5 gap-y-8 sm:grid-cols-3 lg:grid-cols-4">
      {albums.map((album) => (
        <li key={album.id}>
          <Link
            to="/studio/albums/$albumId"
            params={{ albumId: album.id }}
            className="group flex flex-col gap-3 rounded-md outline-offset-4"
          >
            <Cover image={album.cover} alt="" seed={album.id} sizes="(min-width: 1024px) 220px, 45vw" />
            <span className="flex flex-col items-start gap-1">
              <span className="line-clamp-2 font-semibold group-hover:underline">
                <bdi>{album.title}</bdi>
              </span>
              <span className="text-sm text-muted">
                <bdi>{album.artist.name}</bdi>
                {" · "}
                <Plural value={album.track_count} one="# track" other="# tracks" />
              </span>
              {album.published ? (
                <Badge icon={CircleCheck} tone="bg-success-soft text-success" text={t`Published`} />
              ) : (
                <Badge icon={CircleDashed} tone="bg-hover text-ink" text={t`Draft`} />
              )}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
