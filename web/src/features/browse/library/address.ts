/** What the address of the library says: so that a link, or the way back, leads to the same place. */
export type Filters = {
  genre?: string | undefined;
  year?: string | undefined;
  library?: string | undefined;
  /** The letters that the list begins with. */
  from?: string | undefined;
};
export type View = "albums" | "artists" | "tracks" | "folders";
export type Order = "title" | "newest" | "released" | "popular";
export type Look = "grid" | "list";
export type LibraryAddress = Filters & { view?: View | undefined; sort?: Order | undefined; look?: Look | undefined };

const one = <T extends string>(value: unknown, of: readonly T[]): T | undefined => of.find((known) => known === value);
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value.length > 0 && value.length <= 100 ? value : undefined;

export const VIEWS = ["albums", "artists", "tracks", "folders"] as const;

const ORDERS: Record<View, readonly Order[]> = {
  albums: ["title", "newest", "released"],
  artists: ["title", "newest"],
  tracks: ["title", "newest", "popular"],
  folders: ["title"],
};

/** The order that was asked for where the view has it, else the alphabet's. */
export const orderOf = (view: View, asked: Order | undefined): Order =>
  asked && ORDERS[view].includes(asked) ? asked : "title";

/** Whatever does not belong there is left out. */
export function libraryAddress(raw: Record<string, unknown>): LibraryAddress {
  const year = text(raw.year);
  return {
    view: one(raw.view, VIEWS),
    sort: one(raw.sort, ["title", "newest", "released", "popular"]),
    look: one(raw.look, ["grid", "list"]),
    genre: text(raw.genre),
    year: year && /^[1-9]\d{3}$/.test(year) ? year : undefined,
    library: text(raw.library),
    from: text(raw.from),
  };
}
