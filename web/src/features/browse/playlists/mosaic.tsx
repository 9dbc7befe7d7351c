import type { Playlist } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { Cover } from "@/shared/ui/cover";

const WHOLE = 4;

/** The covers of the first tracks: four make a square, fewer show the first. */
export function Mosaic({ playlist, className }: { playlist: Playlist; className?: string }) {
  if (playlist.covers.length < WHOLE) {
    return <Cover image={playlist.covers[0]} alt="" seed={playlist.id} className={className ?? ""} />;
  }
  return (
    <div className={cx("grid aspect-square grid-cols-2 overflow-hidden rounded-md", className)}>
      {playlist.covers.map((cover, index) => (
        <Cover
          key={index}
          image={cover}
          alt=""
          seed={`${playlist.id}${index}`}
          sizes="128px"
          className="rounded-none!"
        />
      ))}
    </div>
  );
}
