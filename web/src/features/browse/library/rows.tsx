import { Plural } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { greyed, NotHeard } from "@/features/browse/components/not-heard";
import type { AlbumCard, Artist } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { year } from "@/shared/lib/format";
import { Cover } from "@/shared/ui/cover";

const rowClasses = "relative -mx-2 flex items-center gap-4 rounded-md px-2 hover:bg-hover";
const linkClasses = "truncate rounded-sm font-semibold after:absolute after:inset-0 hover:underline";

export function AlbumRow({ album }: { album: AlbumCard }) {
  const count = album.track_count;
  return (
    <li className={rowClasses}>
      <Cover
        image={album.cover}
        alt=""
        seed={album.id}
        sizes="48px"
        className={cx("size-12 shrink-0 rounded-sm", greyed(album))}
      />
      <div className="flex min-w-0 flex-1 flex-col">
        <Link to="/albums/$albumId" params={{ albumId: album.id }} className={linkClasses} dir="auto">
          {album.title}
        </Link>
        <div className="flex min-w-0 items-center gap-2">
          <span className="truncate text-sm text-muted" dir="auto">
            {album.artist.name}
          </span>
          <NotHeard work={album} />
        </div>
      </div>
      <span className="numbers hidden w-24 text-end text-sm text-muted sm:block">
        <Plural value={count} one="# track" other="# tracks" />
      </span>
      <span className="numbers w-14 text-end text-sm text-muted">
        {album.release_date ? year(album.release_date) : ""}
      </span>
    </li>
  );
}

export function ArtistRow({ artist }: { artist: Artist }) {
  const count = artist.stats.tracks;
  return (
    <li className={rowClasses}>
      <Cover image={artist.image} alt="" seed={artist.id} shape="round" sizes="48px" className="size-12 shrink-0" />
      <Link to="/artists/$artistId" params={{ artistId: artist.id }} className={linkClasses} dir="auto">
        {artist.name}
      </Link>
      <span className="numbers ms-auto w-24 shrink-0 text-end text-sm text-muted">
        <Plural value={count} one="# track" other="# tracks" />
      </span>
    </li>
  );
}
