import { useLingui } from "@lingui/react/macro";
import type { AlikeAlbums, AlikeArtists, AlikeTracks, Image } from "@/shared/api/types";
import type { Chosen } from "@/shared/lib/chosen";
import { clockTime, year } from "@/shared/lib/format";

type Alikeness = AlikeTracks["others"][number]["because"][number];
export type Doubled = Chosen & { image: Image | null };
export type Double = { one: Doubled; others: readonly (Doubled & { because: readonly Alikeness[] })[] };

const detail = (...parts: (string | null | undefined)[]): string => parts.filter(Boolean).join(" · ");

const ofArtist = ({ id, name, image }: AlikeArtists["artist"]): Doubled => ({ id, name, detail: "", image });

const ofAlbum = ({ id, title, artist, release_date, cover }: AlikeAlbums["album"]): Doubled => ({
  id,
  name: title,
  detail: detail(artist.name, release_date ? year(release_date) : null),
  image: cover,
});

const ofTrack = ({ id, title, artist, album, duration_ms, cover }: AlikeTracks["track"]): Doubled => ({
  id,
  name: title,
  detail: detail(artist.name, album?.title, duration_ms === null ? null : clockTime(duration_ms)),
  image: cover,
});

export const artistDouble = ({ artist, others }: AlikeArtists): Double => ({
  one: ofArtist(artist),
  others: others.map((other) => ({ ...ofArtist(other.artist), because: other.because })),
});
export const albumDouble = ({ album, others }: AlikeAlbums): Double => ({
  one: ofAlbum(album),
  others: others.map((other) => ({ ...ofAlbum(other.album), because: other.because })),
});
export const trackDouble = ({ track, others }: AlikeTracks): Double => ({
  one: ofTrack(track),
  others: others.map((other) => ({ ...ofTrack(other.track), because: other.because })),
});

/** Why two may be one, in words. */
export function useBecause(): Record<Alikeness, string> {
  const { t } = useLingui();
  return {
    isrc: t`Same ISRC`,
    upc: t`Same UPC`,
    mbid: t`Same MusicBrainz id`,
    name: t`Same name`,
    alias: t`Name of one is another name of the other`,
    alike: t`Same title, nearly the same`,
  };
}
