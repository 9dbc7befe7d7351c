import { Plural } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { Playlist } from "@/shared/api/types";
import { Mosaic } from "./mosaic";
import { seenIcon } from "./words";

function PlaylistCard({ playlist, withOwner }: { playlist: Playlist; withOwner: boolean }) {
  const Icon = seenIcon(playlist);
  return (
    <li className="relative flex min-w-0 flex-col gap-3 rounded-md">
      <Mosaic playlist={playlist} />
      <div className="min-w-0">
        <Link
          to="/playlists/$playlistId"
          params={{ playlistId: playlist.id }}
          className="block truncate rounded-sm font-semibold after:absolute after:inset-0 hover:underline"
          dir="auto"
        >
          {playlist.name}
        </Link>
        <p className="flex items-center gap-1.5 truncate text-sm text-muted">
          {withOwner && playlist.owner ? (
            <span className="truncate" dir="auto">
              {playlist.owner.display_name}
            </span>
          ) : (
            <Icon aria-hidden className="size-3.5 shrink-0" />
          )}
          <span aria-hidden>·</span>
          <Plural value={playlist.track_count} one="# track" other="# tracks" />
        </p>
      </div>
    </li>
  );
}

export function PlaylistCards({ playlists, withOwner }: { playlists: readonly Playlist[]; withOwner: boolean }) {
  return (
    <ul className="grid grid-cols-2 gap-x-4 gap-y-8 sm:grid-cols-3 sm:gap-x-6 lg:grid-cols-4 xl:grid-cols-6">
      {playlists.map((playlist) => (
        <PlaylistCard key={playlist.id} playlist={playlist} withOwner={withOwner} />
      ))}
    </ul>
  );
}
