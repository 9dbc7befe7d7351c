import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Pause, Play } from "lucide-react";
import type { ReactNode } from "react";
import { player, queueItemFromTrack, usePlayer } from "@/player";
import type { ListedAlbum, ListedArtist } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { errorText } from "@/shared/lib/error-text";
import { year } from "@/shared/lib/format";
import { IconButton } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { toast } from "@/shared/ui/toast";
import { albumQuery } from "@/features/browse/api/queries";
import { useAlbumKinds } from "./album-kinds";
import { greyed, NotHeard } from "./not-heard";

/** Loads an album and plays it from the start, or stops and goes on when it is the one that plays. */
export function useAlbumPlayback(albumId: string) {
  const client = useQueryClient();
  const current = usePlayer((state) => state.queue[state.index]?.album?.id === albumId);
  const sounding = usePlayer((state) => current && (state.status === "playing" || state.status === "buffering"));
  async function toggle() {
    if (current) {
      player.toggle();
      return;
    }
    try {
      const album = await client.ensureQueryData(albumQuery(albumId));
      player.playNow(album.tracks.filter((track) => track.playable).map(queueItemFromTrack), 0);
    } catch (error) {
      toast(errorText(error), "error");
    }
  }
  return { sounding, toggle: () => void toggle() };
}

export function AlbumCard({ album, withArtist = true }: { album: ListedAlbum; withArtist?: boolean }) {
  const { t } = useLingui();
  const kinds = useAlbumKinds();
  const { sounding, toggle } = useAlbumPlayback(album.id);
  const title = album.title;
  return (
    <article className="group relative flex flex-col gap-3">
      <div className="relative">
        <Cover
          image={album.cover}
          alt=""
          seed={album.id}
          sizes="(min-width: 1280px) 15vw, (min-width: 640px) 30vw, 46vw"
          className={cx("shadow-sm transition-[filter] group-hover:brightness-110", greyed(album))}
        />
        <div className="absolute end-2 bottom-2 z-10 opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
          <IconButton
            variant="primary"
            label={sounding ? t`Pause ${title}` : t`Play ${title}`}
            isDisabled={!album.playable}
            onPress={toggle}
            className="shadow-lift"
          >
            {sounding ? (
              <Pause aria-hidden fill="currentColor" className="size-5" />
            ) : (
              <Play aria-hidden fill="currentColor" className="flip-rtl size-5" />
            )}
          </IconButton>
        </div>
      </div>
      <div className="min-w-0">
        <h3 className="truncate font-semibold" dir="auto">
          <Link
            to="/albums/$albumId"
            params={{ albumId: album.id }}
            className="rounded-sm after:absolute after:inset-0 hover:underline"
          >
            {album.title}
          </Link>
        </h3>
        <p className="truncate text-sm text-muted" dir={withArtist ? "auto" : undefined}>
          {withArtist
            ? album.artist.name
            : [album.release_date ? year(album.release_date) : null, kinds[album.album_kind]]
                .filter(Boolean)
                .join(" · ")}
        </p>
        <NotHeard work={album} />
      </div>
    </article>
  );
}

export function ArtistCard({ artist }: { artist: ListedArtist }) {
  return (
    <article className="group relative flex flex-col items-center gap-3 text-center">
      <Cover
        image={artist.image}
        alt=""
        seed={artist.id}
        shape="round"
        sizes="(min-width: 1280px) 15vw, (min-width: 640px) 30vw, 46vw"
        className="w-full transition-[filter] group-hover:brightness-110"
      />
      <div className="w-full min-w-0">
        <h3 className="truncate font-semibold" dir="auto">
          <Link
            to="/artists/$artistId"
            params={{ artistId: artist.id }}
            className="rounded-sm after:absolute after:inset-0 hover:underline"
          >
            {artist.name}
          </Link>
        </h3>
        <p className="text-sm text-muted">
          {artist.stats ? <Plural value={artist.stats.tracks} one="# track" other="# tracks" /> : <Trans>Artist</Trans>}
        </p>
      </div>
    </article>
  );
}

export const CardGrid = ({ children }: { children: ReactNode }) => (
  <div className="grid grid-cols-2 gap-x-4 gap-y-8 sm:grid-cols-3 sm:gap-x-6 lg:grid-cols-4 xl:grid-cols-6">
    {children}
  </div>
);
