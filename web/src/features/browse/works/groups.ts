import type { Album, AlbumCard, Credit } from "@/shared/api/types";

export type Shelf = "albums" | "eps" | "live" | "compilations" | "others";
export const SHELVES: readonly Shelf[] = ["albums", "eps", "live", "compilations", "others"];

const PLACES: Partial<Record<AlbumCard["album_kind"], Shelf>> = {
  album: "albums",
  mixtape: "albums",
  ep: "eps",
  single: "eps",
  live: "live",
  compilation: "compilations",
};

/** Releases by what they are, each shelf from the newest to the oldest; what has no date stands at the end. */
export function shelved(albums: readonly AlbumCard[]): Map<Shelf, AlbumCard[]> {
  const shelves = new Map<Shelf, AlbumCard[]>();
  for (const album of albums) {
    const shelf = PLACES[album.album_kind] ?? "others";
    shelves.set(shelf, [...(shelves.get(shelf) ?? []), album]);
  }
  for (const found of shelves.values()) {
    found.sort((a, b) => (b.release_date ?? "").localeCompare(a.release_date ?? ""));
  }
  return shelves;
}

export type Contribution = { name: string; artistId: string | null; roles: string[] };

/** Everybody who is credited on a track, each once with all that they did, in the order of the credits. */
export function contributions(credits: readonly Credit[]): Contribution[] {
  const people = new Map<string, Contribution>();
  for (const { name, role, artist_id } of credits) {
    const key = artist_id ?? name;
    const known = people.get(key) ?? { name, artistId: artist_id, roles: [] };
    if (!known.roles.includes(role)) known.roles.push(role);
    people.set(key, known);
  }
  return [...people.values()];
}

/** The same of a whole album. */
export const albumContributions = (album: Album): Contribution[] =>
  contributions(album.tracks.flatMap((track) => track.credits));
