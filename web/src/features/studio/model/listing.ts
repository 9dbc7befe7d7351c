/** Searching and sorting one's own music: pure, in the browser, over everything that was loaded. */
import type { AlbumCard, Track } from "@/shared/api/types";

export type Sort = "newest" | "title" | "plays";
type Listed = Track | AlbumCard;

const fold = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLocaleLowerCase();

/** Every word of the search stands somewhere in title, artist or album, whatever its accents. */
export function matches(item: Listed, search: string): boolean {
  const album = item.kind === "track" ? (item.album?.title ?? "") : "";
  const text = fold(`${item.title} ${item.artist.name} ${album}`);
  return fold(search)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function sorted<T extends Listed>(items: readonly T[], sort: Sort): T[] {
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;
  const plays = (item: Listed): number => (item.kind === "track" ? item.stats.plays : 0);
  if (sort === "title") return [...items].sort((a, b) => compare(a.title, b.title));
  // The server's order is newest first, and sorting is stable.
  return sort === "plays" ? [...items].sort((a, b) => plays(b) - plays(a)) : [...items];
}
