/** What the address of the library says: so that a link, or the way back, leads to the same place. */
export type Filters = {
  genre?: string | undefined;
  year?: string | undefined;
  library?: string | undefined;
  /** The letters that the list begins with. */
  from?: string | undefined;
};
export type View = "albums" | "artists" | "tracks" | "folders";
export type Order = "title" | "newest" | "popular";
export type Look = "grid" | "list";
export type LibraryAddress = Filters & { view?: View | undefined; sort?: Order | undefined; look?: Look | undefined };

const one = <T extends string>(value: unknown, of: readonly T[]): T | undefined => of.find((known) => known === value);
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value.length > 0 && value.length <= 100 ? value : undefined;

export const VIEWS = ["albums", "artists", "tracks", "folders"] as const;

/** Whatever does not belong there is left out. */
export function libraryAddress(raw: Record<string, unknown>): LibraryAddress {
  const year = text(raw.year);
  return {
    view: one(raw.view, VIEWS),
    sort: one(raw.sort, ["title", "newest", "popular"]),
    look: one(raw.look, ["grid", "list"]),
    genre: text(raw.genre),
    year: year && /^[1-9]\d{3}$/.test(year) ? year : undefined,
    library: text(raw.library),
    from: text(raw.from),
  };
}
