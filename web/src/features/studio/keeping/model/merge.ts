/** Several that are one: which facts are compared, which of them stays at first, and what goes over to it. */
import type { Album, FullArtist, FullTrack } from "@/shared/api/types";
import { albumFields, artistFields, trackFields } from "@/features/studio/model/fields";

export type Thing = FullArtist | Album | FullTrack;

export const nameOf = (thing: Thing): string => (thing.kind === "artist" ? thing.name : thing.title);

/** The facts of one as they stand in a comparison, under the names that fields have. */
export function factsOf(thing: Thing): Record<string, unknown> {
  switch (thing.kind) {
    case "artist": {
      const { members, ...fields } = artistFields(thing);
      const { albums, tracks, plays } = thing.stats;
      return { ...fields, members, albums, tracks, plays };
    }
    case "album": {
      const fields = Object.entries(albumFields(thing)).filter(([field]) => field !== "discs");
      return {
        ...Object.fromEntries(fields),
        disc_titles: thing.disc_titles,
        tracks: thing.track_count,
        published: thing.published,
      };
    }
    case "track": {
      const { album_id, ...fields } = trackFields(thing);
      return { ...fields, album_id, duration: thing.duration_ms, plays: thing.stats.plays, published: thing.published };
    }
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const nothing = (value: unknown): boolean => value === null || value === "" || same(value, []) || same(value, {});

export type Row = { field: string; values: unknown[]; differs: boolean };

/** Facts that any of them has, field by field; those in which they differ first. */
export function compared(things: readonly Thing[]): Row[] {
  const facts = things.map(factsOf);
  const rows = Object.keys(facts[0] ?? {}).map((field) => {
    const values = facts.map((one) => one[field]);
    return { field, values, differs: values.some((value) => !same(value, values[0])) };
  });
  return rows.filter((row) => !row.values.every(nothing)).sort((a, b) => Number(b.differs) - Number(a.differs));
}

const weight = (thing: Thing): number => {
  switch (thing.kind) {
    case "artist":
      return thing.stats.tracks;
    case "album":
      return thing.track_count;
    case "track":
      return thing.stats.plays;
  }
};

/** Which stays unless somebody says otherwise: what is public before what is not, then the one with more behind it. */
export function likeliest(things: readonly Thing[]): string {
  const shown = (thing: Thing): number => Number(thing.kind === "artist" || thing.published);
  const [first] = [...things].sort((a, b) => shown(b) - shown(a) || weight(b) - weight(a));
  return first?.id ?? "";
}

export type Moving = { albums: number; tracks: number; plays: number; names: string[] };

/** What those that go leave to the one that stays. */
export function moving(things: readonly Thing[], into: string): Moving {
  const gone = things.filter((thing) => thing.id !== into);
  const sum = (of: (thing: Thing) => number): number => gone.reduce((all, thing) => all + of(thing), 0);
  return {
    albums: sum((thing) => (thing.kind === "artist" ? thing.stats.albums : 0)),
    tracks: sum((thing) => (thing.kind === "track" ? 0 : weight(thing))),
    plays: sum((thing) => {
      if (thing.kind === "album") return thing.tracks.reduce((all, track) => all + track.stats.plays, 0);
      return thing.stats.plays;
    }),
    names: gone.map(nameOf),
  };
}
