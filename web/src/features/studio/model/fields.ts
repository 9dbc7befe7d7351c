/** What of a track, album or artist is edited in its form, and what of it is sent. */
import type {
  Album,
  ArtistChange,
  ArtistCredit,
  ArtistRef,
  ContentChange,
  Credit,
  FullArtist,
  FullTrack,
  Track,
} from "@/shared/api/types";

/** An artist of a work. `own` is the name of its profile where that is known; `name` is how it is credited here. */
export type Performer = ArtistCredit & { own?: string };
export type Member = {
  artist_id: string;
  name: string;
  role: string;
  since_year: number | null;
  until_year: number | null;
};

const OF_TRACK = [
  "title",
  "sort_title",
  "version_title",
  "disc_number",
  "disc_title",
  "track_number",
  "explicit",
  "isrc",
  "mbid",
  "description",
  "year",
  "bpm",
  "musical_key",
  "language",
  "moods",
  "tags",
  "work",
  "movement",
  "comment",
  "copyright",
] as const satisfies readonly (keyof FullTrack)[];
const OF_ALBUM = [
  "title",
  "sort_title",
  "album_kind",
  "edition",
  "release_date",
  "release_precision",
  "original_date",
  "original_precision",
  "description",
  "label",
  "catalog_number",
  "upc",
  "mbid",
  "release_group_mbid",
  "compilation",
  "explicit",
  "moods",
  "tags",
  "territories",
] as const satisfies readonly (keyof Album)[];
const OF_ARTIST = [
  "name",
  "sort_name",
  "artist_kind",
  "disambiguation",
  "bio",
  "mbid",
  "links",
  "aliases",
] as const satisfies readonly (keyof FullArtist)[];

export type TrackFields = Pick<FullTrack, (typeof OF_TRACK)[number]> & {
  album_id: string | null;
  genres: string[];
  credits: Credit[];
  artists: Performer[];
};
export type DiscTitle = { disc: number | null; title: string };
export type AlbumFields = Pick<Album, (typeof OF_ALBUM)[number]> & { artists: Performer[]; discs: DiscTitle[] };
export type ArtistFields = Pick<FullArtist, (typeof OF_ARTIST)[number]> & { members: Member[] };

function pick<Source, Name extends keyof Source>(source: Source, names: readonly Name[]): Pick<Source, Name> {
  return Object.fromEntries(names.map((name) => [name, source[name]])) as Pick<Source, Name>;
}

/** Of the others only the credit is known: it is kept as it stands. */
function performers(artists: readonly ArtistCredit[], first: ArtistRef): Performer[] {
  return artists.map((artist) => (artist.id === first.id ? { ...artist, own: first.name } : artist));
}

export function trackFields(track: FullTrack): TrackFields {
  return {
    ...pick(track, OF_TRACK),
    album_id: track.album?.id ?? null,
    genres: track.genres.map((genre) => genre.name),
    credits: track.credits,
    artists: performers(track.artists, track.artist),
  };
}

export function albumFields(album: Album): AlbumFields {
  const discs = Object.entries(album.disc_titles).map(([disc, title]) => ({ disc: Number(disc), title }));
  return { ...pick(album, OF_ALBUM), artists: performers(album.artists, album.artist), discs };
}

export function artistFields(artist: FullArtist): ArtistFields {
  const members = artist.members.map(({ artist: { id, name }, role, since_year, until_year }) => ({
    artist_id: id,
    name,
    role,
    since_year,
    until_year,
  }));
  return { ...pick(artist, OF_ARTIST), members };
}

const credited = (artists: readonly Performer[]): NonNullable<ContentChange["artists"]> =>
  artists.map(({ id, name, own, joined_by }) => ({
    artist_id: id,
    credited_as: name.trim() === "" || name.trim() === own ? null : name.trim(),
    joined_by,
  }));

const trimmed = (credit: Credit): Credit => ({ ...credit, name: credit.name.trim() });

export function trackRequest({ credits, artists, ...rest }: Partial<TrackFields>): ContentChange {
  return {
    ...rest,
    ...(credits === undefined ? {} : { credits: credits.map(trimmed) }),
    ...(artists === undefined ? {} : { artists: credited(artists) }),
  };
}

export function albumRequest({ artists, discs, ...rest }: Partial<AlbumFields>): ContentChange {
  const titled = discs?.filter(({ disc, title }) => disc !== null && title.trim() !== "");
  return {
    ...rest,
    ...(artists === undefined ? {} : { artists: credited(artists) }),
    ...(titled === undefined
      ? {}
      : { disc_titles: Object.fromEntries(titled.map(({ disc, title }) => [String(disc), title.trim()])) }),
  };
}

export function artistRequest({ members, links, aliases, ...rest }: Partial<ArtistFields>): ArtistChange {
  return {
    ...rest,
    ...(links === undefined ? {} : { links: links.filter((link) => link.url !== "") }),
    ...(aliases === undefined ? {} : { aliases: aliases.filter((alias) => alias.name.trim() !== "") }),
    ...(members === undefined
      ? {}
      : {
          members: members.map(({ artist_id, role, since_year, until_year }) => ({
            artist_id,
            role: role.trim(),
            since_year,
            until_year,
          })),
        }),
  };
}

/** A whole number out of what was typed, in any digits that Unicode knows; null for an empty field. */
export function whole(text: string): number | null {
  const digits = [...text.normalize("NFKC")].map((sign) => (/\p{Nd}/u.test(sign) ? digitValue(sign) : "")).join("");
  return digits === "" ? null : Number(digits);
}

/** A number with a part behind a point or a comma, out of what was typed; null where there is none. */
export function decimalOf(text: string): number | null {
  const [, before = "", after = ""] = /^\s*(\d+)(?:[.,٫](\d*))?\s*$/.exec(text.normalize("NFKC")) ?? [];
  return before === "" ? null : Number(`${before}.${after || "0"}`);
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
