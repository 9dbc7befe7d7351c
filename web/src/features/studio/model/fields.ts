/** What of a track, album or artist is edited in its form. */
import type { Album, Artist, Credit, Track } from "@/shared/api/types";

export type TrackFields = Pick<
  Track,
  "title" | "disc_number" | "track_number" | "explicit" | "isrc" | "description" | "year"
> & { album_id: string | null; genres: string[]; credits: Credit[] };

export type AlbumFields = Pick<
  Album,
  "title" | "album_kind" | "release_date" | "description" | "label" | "upc" | "explicit"
>;

export type ArtistFields = Pick<Artist, "name" | "bio">;

export function trackFields(track: Track): TrackFields {
  const { title, disc_number, track_number, explicit, isrc, description, year } = track;
  return {
    title,
    disc_number,
    track_number,
    explicit,
    isrc,
    description,
    year,
    album_id: track.album?.id ?? null,
    genres: track.genres.map((genre) => genre.name),
    credits: track.credits,
  };
}

export function albumFields(album: Album): AlbumFields {
  const { title, album_kind, release_date, description, label, upc, explicit } = album;
  return { title, album_kind, release_date, description, label, upc, explicit };
}

export function artistFields({ name, bio }: Artist): ArtistFields {
  return { name, bio };
}

/** A whole number out of what was typed, in any digits that Unicode knows; null for an empty field. */
export function whole(text: string): number | null {
  const digits = [...text.normalize("NFKC")].map((sign) => (/\p{Nd}/u.test(sign) ? digitValue(sign) : "")).join("");
  return digits === "" ? null : Number(digits);
}

/** Blocks of decimal digits begin at their zero and are ten long. */
function digitValue(sign: string): string {
  let zero = sign.codePointAt(0) ?? 0;
  for (let steps = 0; steps < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1)); steps += 1) zero -= 1;
  return String((sign.codePointAt(0) ?? 0) - zero);
}

/** Tracks in the order of a record: by disc, then number; those without a number last. */
export function inRecordOrder(tracks: readonly Track[]): Track[] {
  const disc = (track: Track): number => track.disc_number ?? 1;
  const number = (track: Track): number => track.track_number ?? Number.MAX_SAFE_INTEGER;
  return [...tracks].sort((a, b) => disc(a) - disc(b) || number(a) - number(b));
}
